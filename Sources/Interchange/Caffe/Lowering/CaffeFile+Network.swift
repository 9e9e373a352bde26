import Programs
import Tensors

extension CaffeFile: NetworkFile {
  package var format: String { "Caffe" }

  /// What no layer reads after it was made last; layers that work in place make a value again.
  package var outputs: [NetworkPort] {
    var open: [String] = []
    for layer in layers {
      open.removeAll { layer.bottom.contains($0) || layer.top.contains($0) }
      open += layer.top
    }
    return open.map {
      NetworkPort(name: $0, typeName: "float32", elementType: .float32, dimensions: nil)
    }
  }

  package var operatorCounts: [String: Int] {
    layers.reduce(into: [:]) { $0[$1.type, default: 0] += 1 }
  }

  package func network(_ request: NetworkRequest) throws -> ImportedNetwork {
    let outputs = self.outputs
    try request.check(inputs: inputs, outputs: outputs)
    let names = request.outputs ?? outputs.map(\.name)
    let needed = layers(for: names)
    try checkSupport(needed)
    let tracer = NetworkTracer()
    var values = try request.declare(inputs, in: tracer)
    for layer in needed { try lower(layer, in: tracer, &values) }
    for note in notes { tracer.note(note) }
    return try tracer.network(
      names.map { name in
        guard let value = values[name] else {
          throw InterchangeError.Fact.damaged(format: "Caffe", "nothing makes '\(name)'")
        }
        return (name: name, value: value)
      })
  }

  /// The layers that some outputs depend on, in order.
  private func layers(for outputs: [String]) -> [CaffeLayerParameter] {
    var wanted = Set(outputs)
    var result: [CaffeLayerParameter] = []
    for layer in layers.reversed() where layer.top.contains(where: { wanted.contains($0) }) {
      wanted.subtract(layer.top)
      wanted.formUnion(layer.bottom)
      result.append(layer)
    }
    return result.reversed()
  }

  private func checkSupport(_ layers: [CaffeLayerParameter]) throws {
    let unknown = layers.filter { CaffeRegistry.layers[$0.type] == nil }
    guard !unknown.isEmpty else { return }
    let missing = Dictionary(grouping: unknown, by: \.type).mapValues { $0.map(\.name) }
    throw InterchangeError.Fact.unsupported(
      format: "Caffe",
      missing.sorted { $0.key < $1.key }.map { type, names in
        let shown = Array(names.prefix(3)).list + (names.count > 3 ? ", …" : "")
        return "\(type) at \(names.count == 1 ? "layer" : "layers") \(shown)"
      })
  }

  private func lower(
    _ layer: CaffeLayerParameter, in tracer: NetworkTracer, _ values: inout [String: Value]
  ) throws {
    do {
      let inputs = try layer.bottom.map { name in
        guard let value = values[name] else {
          throw NodeError(reason: "uses '\(name)', which nothing makes")
        }
        return value
      }
      guard let lowering = CaffeRegistry.layers[layer.type] else { return }
      let results = try lowering.lower(
        CaffeCall(layer, inputs: inputs, blobs: weights[layer.name] ?? [], tracer: tracer))
      if let failure = tracer.builder.failure { throw failure }
      guard results.count >= layer.top.count else {
        throw NodeError(
          reason: "makes \(results.count) tops, and the file names \(layer.top.count)")
      }
      for (name, value) in zip(layer.top, results) { values[name] = value }
    } catch let error as NodeError {
      throw fact(layer, error.reason)
    } catch let error as ProgramError {
      throw fact(layer, error.reasonWithoutPlace)
    }
  }

  private func fact(_ layer: CaffeLayerParameter, _ reason: String) -> InterchangeError.Fact {
    .node("layer '\(layer.name)' (\(layer.type))", reason: reason)
  }
}
