import Programs
import Tensors

/// The names under which values are used, and the batch size as a value.
extension ONNXExport {
  /// The name of a value, which is repeated along its axes now if that was put off.
  func name(of value: Int) throws -> String {
    if let name = names[value] { return name }
    guard let equation = program.equation(of: value), case .broadcast = equation.primitive else {
      preconditionFailure("value \(value) is used before it is written")
    }
    try write(equation, value, output: nil)
    return names[value] ?? ""
  }

  func operands(_ equation: Equation) throws -> [String] {
    try equation.operands.map { try name(of: $0) }
  }

  func type(of value: Int) -> ValueType { program.type(of: value) }

  /// The operands of an operator that repeats its operands to a common shape by itself.
  func alignedOperands(_ equation: Equation) throws -> [String] {
    let forms = try equation.operands.map { try compactForm(of: $0) }
    let common = forms.reduce(Shape([])) { $0.broadcast(with: $1.shape) ?? [] }
    guard common != equation.type.shape else { return forms.map(\.name) }
    return [try name(of: equation.operands[0])] + forms.dropFirst().map(\.name)
  }

  /// A value before it was repeated, in a shape that broadcasts to its own.
  func compactForm(of value: Int) throws -> (name: String, shape: Shape) {
    if let form = compactForms[value] { return form }
    guard let equation = program.equation(of: value),
      case .broadcast(let target, let axes) = equation.primitive
    else { return (try name(of: value), type(of: value).shape) }
    let source = equation.operands[0]
    let shape = type(of: source).shape
    var aligned = [Int](repeating: 1, count: target.rank)
    for (axis, size) in zip(axes, shape.dimensions) { aligned[axis] = size }
    let leading = axes.first ?? target.rank
    let form = Shape(Array(aligned[leading...]))
    let compact = try graph.writing("\(equation.primitive.name)_\(value)") {
      try reshaped(try name(of: source), from: shape, to: form)
    }
    compactForms[value] = (compact, form)
    return (compact, form)
  }

  /// A vector of sizes, some of which may be multiples of N.
  func sizes(_ dimensions: [Int]) throws -> String {
    guard dimensions.contains(where: Shape.isSymbolic) else { return graph.integers(dimensions) }
    let parts = try dimensions.map {
      Shape.isSymbolic($0) ? try batchSize(times: $0 / Shape.batch) : graph.integers([$0])
    }
    return parts.count == 1 ? parts[0] : graph.node("Concat", parts, [.int("axis", 0)])
  }

  /// N times a factor, as a vector of one int64, read off the first input that tells it.
  func batchSize(times factor: Int) throws -> String {
    if let name = batchSizes[factor] { return name }
    let name = try graph.writing(Shape.text(factor * Shape.batch)) {
      factor == 1
        ? try batchSize() : graph.node("Mul", [try batchSize(times: 1), graph.integers([factor])])
    }
    batchSizes[factor] = name
    return name
  }

  private func batchSize() throws -> String {
    for port in program.inputs {
      guard let axis = port.type.shape.dimensions.firstIndex(where: Shape.isSymbolic) else {
        continue
      }
      let size = graph.node("Shape", [port.name], [.int("start", axis), .int("end", axis + 1)])
      let factor = port.type.shape[axis] / Shape.batch
      return factor == 1 ? size : graph.node("Div", [size, graph.integers([factor])])
    }
    throw InterchangeError.Fact.request(
      "no input has the batch size as a dimension, so that an ONNX file could not tell it")
  }
}
