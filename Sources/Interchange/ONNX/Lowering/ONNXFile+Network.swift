import Programs
package import Tensors

extension ONNXFile: NetworkFile {
  package var format: String { "ONNX, opset \(opset)" }

  package var inputs: [NetworkPort] {
    model.graph.input.filter { initializers[$0.name] == nil }.map(NetworkPort.init)
  }

  package var outputs: [NetworkPort] { model.graph.output.map(NetworkPort.init) }

  package var operatorCounts: [String: Int] { ONNXCensus(self).counts }

  package func network(_ request: NetworkRequest) throws -> ImportedNetwork {
    try ONNXCensus(self).checkSupport(request)
    var request = request
    while true {
      let attempt = ONNXAttempt(self, request)
      do {
        return try attempt.network(request)
      } catch let unknown as ONNXUnknownValue {
        let fixed = attempt.lowering.tracer.builder.inputs(behind: unknown.value).filter {
          request.constants[$0] == nil && request.values[$0] != nil
        }
        guard !fixed.isEmpty else { throw unknown.fact }
        for name in fixed { request.constants[name] = request.values[name] }
      }
    }
  }
}

/// One try to lower a model.
private struct ONNXAttempt {
  private let file: ONNXFile
  let lowering: ONNXLowering

  init(_ file: ONNXFile, _ request: NetworkRequest) {
    self.file = file
    lowering = ONNXLowering(file, largestNodeCount: request.largestNodeCount)
  }

  func network(_ request: NetworkRequest) throws -> ImportedNetwork {
    let graph = file.model.graph
    let scope = ONNXScope(opsets: file.model.opsetImport.byDomain)
    let outputs = request.outputs ?? graph.output.map(\.name)
    let declared = Set(graph.output.map(\.name))
    for name in outputs where !declared.contains(name) {
      throw InterchangeError.Fact.request(
        "there is no output '\(name)'; the model has \(graph.output.map(\.name).list)")
    }
    try declareInputs(request, in: scope)
    for (name, contents) in file.initializers { scope[name] = entry(name, contents) }
    do { try lowering.tracer.check() } catch let error as ProgramError {
      throw InterchangeError.Fact.damaged(format: "ONNX", error.reasonWithoutPlace)
    }
    try lowering.lower(graph.node, for: outputs, in: scope)
    let values = try outputs.map { name in
      do {
        return (name: name, value: try lowering.operand(name, in: scope).value)
      } catch let error as NodeError {
        throw InterchangeError.Fact.node("output '\(name)'", reason: error.reason)
      }
    }
    return try lowering.tracer.network(values)
  }

  private func declareInputs(_ request: NetworkRequest, in scope: ONNXScope) throws {
    let builder = lowering.tracer.builder
    let ports = file.inputs
    for name in Set(request.shapes.keys).union(request.constants.keys).sorted()
    where !ports.contains(where: { $0.name == name }) {
      throw InterchangeError.Fact.request(
        "there is no input '\(name)'; the model has \(ports.map(\.name).list)")
    }
    for (port, info) in zip(
      ports, file.model.graph.input.filter { file.initializers[$0.name] == nil })
    where request.constants[port.name] == nil {
      guard let type = ONNXElementType(rawValue: info.type.tensorType.elemType),
        let elementType = type.representation
      else {
        scope[port.name] = .unavailable(
          "uses the input '\(port.name)', which is \(port.typeName) and not numbers")
        continue
      }
      let shape = try request.shapes[port.name] ?? port.assumedShape()
      let isReal = request.realInputs.contains(port.name) && !elementType.isFloatingPoint
      let declared = ValueType(isReal ? .float32 : elementType, shape)
      scope.define(port.name, Operand(builder.input(port.name, declared), type))
    }
    for (name, tensor) in request.constants.sorted(by: { $0.key < $1.key }) {
      scope[name] = .operand(constant(tensor, for: name, shape: request.shapes[name]))
    }
  }

  /// A fixed input, repeated along axes that are longer than in its value.
  private func constant(_ tensor: Tensor, for name: String, shape: Shape?) -> Operand {
    let info = file.model.graph.input.first { $0.name == name }
    let type = ONNXElementType(rawValue: info?.type.tensorType.elemType ?? 0)
    let representation = type?.representation ?? tensor.elementType
    let value = lowering.tracer.weight(name, tensor.converted(to: representation))
    return Operand(
      shape.map { value.broadcast(to: $0) } ?? value, type ?? ONNXElementType(representation))
  }

  private func entry(_ name: String, _ contents: ONNXTensorContents) -> ONNXScope.Entry {
    switch contents {
    case .numbers(let tensor, let type):
      .operand(Operand(lowering.tracer.weight(name, tensor), type))
    case .texts: .unavailable("uses '\(name)', which is text and not numbers")
    case .unsupported(let reason): .unavailable("uses '\(name)': \(reason)")
    }
  }
}

extension NetworkPort {
  fileprivate init(_ info: ONNXValueInfo) {
    let tensor = info.type.tensorType
    let isTensor: Bool
    if case .tensorType = info.type.value { isTensor = true } else { isTensor = false }
    self.init(
      name: info.name,
      typeName: isTensor ? ONNXElementType.name(tensor.elemType) : "no tensor",
      elementType: isTensor
        ? ONNXElementType(rawValue: tensor.elemType)?.representation : nil,
      dimensions: isTensor && tensor.hasShape ? tensor.shape.dim.map(Dimension.init) : nil)
  }

  /// The shape that the file declares, a first axis without a size being the batch.
  ///
  /// - Throws: `InterchangeError.Fact` if another axis has no size.
  package func assumedShape() throws -> Shape {
    guard let dimensions else {
      throw InterchangeError.Fact.request("the input '\(name)' has no shape in the file: give one")
    }
    return Shape(
      try dimensions.enumerated().map { axis, dimension in
        if case .fixed(let size) = dimension { return size }
        if axis == 0 { return Shape.batch }
        throw InterchangeError.Fact.request(
          "the input '\(name)' is \(self): say how long axis \(axis) is")
      })
  }
}

extension NetworkPort.Dimension {
  fileprivate init(_ dimension: ONNXShape.Dimension) {
    switch dimension.value {
    case .dimValue(let size): self = .fixed(Int(clamping: size))
    case .dimParam(let name) where !name.isEmpty: self = .named(name)
    case .dimParam, nil: self = .unknown
    }
  }
}

extension [String] {
  /// The names as a sentence lists them.
  var list: String { map { "'\($0)'" }.joined(separator: ", ") }
}
