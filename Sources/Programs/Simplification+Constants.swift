import Tensors

extension Simplifier {
  /// Constants up to this many elements are made whatever their operands' sizes.
  private static let smallCount = 1024

  /// The result of an equation whose operands are constants, unless it is much larger than they are.
  ///
  /// A repeated constant stays a broadcast: it is smaller, and says more.
  func folded(_ equation: Equation) throws -> Tensor? {
    if case .constant = equation.primitive { return nil }
    guard !equation.isSymbolic else { return nil }
    var operands: [Tensor] = []
    for operand in equation.operands {
      guard let tensor = try known(operand) else { return nil }
      operands.append(tensor)
    }
    let (count, size) = (equation.type.shape.count, operands.reduce(0) { $0 + $1.count })
    if case .broadcast = equation.primitive, count > size { return nil }
    guard count <= max(Self.smallCount, 2 * size) else { return nil }
    return try compute(equation, operands)
  }

  /// The tensor that a value always is, if it is a constant or a small repeated one.
  private func known(_ value: Int) throws -> Tensor? {
    guard let definition = definition(of: value) else { return nil }
    if case .constant(let tensor) = definition.primitive { return tensor }
    guard case .broadcast = definition.primitive, !definition.isSymbolic,
      definition.type.shape.count <= Self.smallCount,
      let source = constant(definition.operands[0])
    else { return nil }
    return try compute(definition, [source])
  }

  func constant(_ value: Int) -> Tensor? {
    guard case .constant(let tensor) = definition(of: value)?.primitive else { return nil }
    return tensor
  }

  /// Whether every element of a value is known to be this number.
  func isAll(_ value: Int, _ number: Double) -> Bool {
    guard let definition = definition(of: value) else { return false }
    switch definition.primitive {
    case .broadcast: return isAll(definition.operands[0], number)
    case .constant(let tensor):
      // Most constants differ in their first element already.
      guard tensor.count > 0, tensor.firstElement == number else { return false }
      return tensor.count == 1 || tensor.doubles.allSatisfy { $0 == number }
    default: return false
    }
  }
}

extension Tensor {
  /// The first element in double precision.
  fileprivate var firstElement: Double {
    func read<Scalar: TensorScalar>(_ type: Scalar.Type) -> Double {
      withUnsafeScalars(of: type) { $0[0].double }
    }
    return elementType.dispatch { read($0) }
  }
}
