import Tensors

extension Simplifier {
  /// A value equal to an equation that moves elements to where they are, or moves them twice.
  mutating func rearrangingIdentity(_ equation: Equation) throws -> Int? {
    guard let x = equation.operands.first else { return nil }
    let shape = type(of: x).shape
    let source = definition(of: x)
    switch equation.primitive {
    case .reshape:
      if shape == equation.type.shape { return x }
      guard let source, case .reshape = source.primitive else { return nil }
      return try emit(equation.primitive, source.operands, equation.type)
    case .broadcast(let target, let axes):
      if target == shape { return x }
      guard let source, case .broadcast(_, let inner) = source.primitive else { return nil }
      return try emit(
        .broadcast(target, axes: inner.map { axes[$0] }), source.operands, equation.type)
    case .transpose(let permutation):
      return try transposeIdentity(permutation, x, equation.type)
    case .slice: return shape == equation.type.shape ? x : nil
    case .pad: return shape == equation.type.shape ? x : nil
    case .concatenate: return equation.operands.count == 1 ? x : nil
    case .reverse(let axes):
      if axes.allSatisfy({ shape[$0] <= 1 }) { return x }
      return source?.primitive == .reverse(axes: axes) ? source?.operands[0] : nil
    case .reduce(_, let axes):
      guard axes.allSatisfy({ shape[$0] == 1 }) else { return nil }
      return try emit(.reshape(equation.type.shape), [x], equation.type)
    case .matrixMultiply(let left, let right):
      return try productIdentity(equation, transposeLeft: left, transposeRight: right)
    default: return nil
    }
  }

  private mutating func transposeIdentity(
    _ permutation: [Int], _ x: Int, _ type: ValueType
  ) throws -> Int? {
    let shape = self.type(of: x).shape
    if permutation == Array(0..<shape.rank) { return x }
    if let source = definition(of: x), case .transpose(let inner) = source.primitive {
      return try emit(.transpose(permutation.map { inner[$0] }), source.operands, type)
    }
    // Axes of 1 may go anywhere without moving an element.
    let moved = permutation.filter { shape[$0] != 1 }
    return moved == moved.sorted() ? try emit(.reshape(type.shape), [x], type) : nil
  }

  /// A product of transposed matrices, read where they lie.
  private mutating func productIdentity(
    _ equation: Equation, transposeLeft: Bool, transposeRight: Bool
  ) throws -> Int? {
    let left = transposedMatrix(equation.operands[0])
    let right = transposedMatrix(equation.operands[1])
    guard left != nil || right != nil else { return nil }
    return try emit(
      .matrixMultiply(
        transposeLeft: transposeLeft != (left != nil),
        transposeRight: transposeRight != (right != nil)),
      [left ?? equation.operands[0], right ?? equation.operands[1]], equation.type)
  }

  /// The value whose last two axes a value has exchanged.
  private func transposedMatrix(_ value: Int) -> Int? {
    guard let definition = definition(of: value),
      case .transpose(let permutation) = definition.primitive
    else { return nil }
    let rank = permutation.count
    let exchanged = Array(0..<rank - 2) + [rank - 1, rank - 2]
    return permutation == exchanged ? definition.operands[0] : nil
  }
}
