import Programs
import Tensors

extension KerasFile: NetworkFile {
  package var format: String { "Keras, version \(version.isEmpty ? "unknown" : version)" }

  package var inputs: [NetworkPort] {
    root.inputs.map { reference in
      let layer = root.layers.first { $0.name == reference.layer }
      return NetworkPort(reference.layer, layer?.configuration ?? KerasConfiguration(.null))
    }
  }

  package var outputs: [NetworkPort] {
    outputNames.map {
      NetworkPort(name: $0, typeName: "float32", elementType: .float32, dimensions: nil)
    }
  }

  package var operatorCounts: [String: Int] {
    ((try? root.allLayers()) ?? root.layers).reduce(into: [:]) {
      $0[$1.className, default: 0] += 1
    }
  }

  /// The outputs are named after the layers that make them, and numbered where one makes several.
  private var outputNames: [String] {
    var used: [String: Int] = [:]
    return root.outputs.map { reference in
      let number = used[reference.layer, default: 0]
      used[reference.layer] = number + 1
      return number == 0 ? reference.layer : "\(reference.layer)_\(number)"
    }
  }

  package func network(_ request: NetworkRequest) throws -> ImportedNetwork {
    try checkSupport()
    let names = outputNames
    for name in request.outputs ?? [] where !names.contains(name) {
      throw InterchangeError.Fact.request(
        "there is no output '\(name)'; the model has \(names.list)")
    }
    let wanted = names.indices.filter { request.outputs?.contains(names[$0]) ?? true }
    var part = root
    part.outputs = wanted.map { root.outputs[$0] }
    let lowering = KerasLowering(version: majorVersion)
    let inputs = try declareInputs(request, lowering.tracer)
    let results: [KerasTensor]
    do {
      results = try lowering.run(part, weights: weights(), inputs: inputs)
    } catch let error as KerasLayerError {
      throw InterchangeError.Fact.node("the network '\(root.name)'", reason: error.reason)
    }
    return try lowering.tracer.network(
      zip(wanted, results).map { (name: names[$0], value: $1.value) })
  }

  private func declareInputs(
    _ request: NetworkRequest, _ tracer: NetworkTracer
  ) throws -> [KerasTensor] {
    let ports = inputs
    for name in Set(request.shapes.keys).union(request.constants.keys).sorted()
    where !ports.contains(where: { $0.name == name }) {
      throw InterchangeError.Fact.request(
        "there is no input '\(name)'; the model has \(ports.map(\.name).list)")
    }
    // Inputs come before all else in a program: constants are made once those are declared.
    let declared = try ports.map { port -> Value? in
      guard request.constants[port.name] == nil else { return nil }
      guard let type = port.elementType else {
        throw InterchangeError.Fact.unsupported(
          format: "Keras", ["the input '\(port.name)' is \(port.typeName) and not numbers"])
      }
      let shape = try request.shapes[port.name] ?? port.assumedShape()
      return tracer.builder.input(port.name, ValueType(type, shape))
    }
    return zip(ports, declared).map { port, value in
      if let value { return KerasTensor(value) }
      let tensor = request.constants[port.name] ?? Tensor(0)
      return KerasTensor(
        tracer.weight(port.name, tensor.converted(to: port.elementType ?? tensor.elementType)))
    }
  }

  /// Checks that every layer is known.
  ///
  /// - Throws: `InterchangeError.Fact` that names all of the others.
  private func checkSupport() throws {
    var missing: [String: [String]] = [:]
    for layer in try root.allLayers() where layer.network == nil {
      guard KerasRegistry.standard.kind(of: layer) == nil else { continue }
      missing[layer.className, default: []].append("'\(layer.name)'")
    }
    guard !missing.isEmpty else { return }
    throw InterchangeError.Fact.unsupported(
      format: "Keras",
      missing.sorted { $0.key < $1.key }.map { className, names in
        let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
        let place = "\(className) at \(names.count == 1 ? "layer" : "layers") \(shown)"
        return className == "Lambda" ? place + ", which holds Python code" : place
      } + ["build the model without them, of layers that Keras itself provides"])
  }
}

extension NetworkPort {
  /// An input as its layer declares it.
  fileprivate init(_ name: String, _ configuration: KerasConfiguration) {
    let shape = configuration["batch_shape"] ?? configuration["batch_input_shape"]
    let type = configuration.typeName ?? "float32"
    self.init(
      name: name, typeName: type, elementType: Self.elementType(type),
      dimensions: shape?.list.map { list in
        list.map { $0.integer.map(NetworkPort.Dimension.fixed) ?? .unknown }
      })
  }

  private static func elementType(_ name: String) -> ElementType? {
    switch name {
    case "float16", "bfloat16", "float32", "mixed_float16", "mixed_bfloat16": .float32
    case "float64": .float64
    case "int8", "int16", "int32", "uint16": .int32
    case "int64", "uint32": .int64
    case "uint8": .uint8
    case "bool": .bool
    default: nil
    }
  }
}
