import Tensors

/// Why a primitive does not accept its operands, in words that need the equation beside them.
package struct TypeError: Error {
  package let reason: String
  package init(_ reason: String) { self.reason = reason }
}

extension Primitive {
  /// The number of operands.
  package var arity: ClosedRange<Int> {
    switch self {
    case .constant, .dimension, .iota: 0...0
    case .randomUniform, .unary, .convert, .stopGradient, .broadcast, .reshape, .transpose,
      .slice, .pad, .reverse, .argMax, .argSort, .reduce, .cumulativeSum, .maxPool,
      .maxPoolIndices, .windowSum, .windowSumGradient:
      1...1
    case .binary, .compare, .gather, .scatterAdd, .gatherElements, .scatterAddElements,
      .matrixMultiply, .convolution, .convolutionInputGradient, .convolutionKernelGradient:
      2...2
    case .select: 3...3
    case .concatenate: 1...Int.max
    }
  }

  /// The type of the result for operands of these types.
  ///
  /// - Throws: `TypeError` with what was expected and what was found.
  package func resultType(of operands: [ValueType]) throws -> ValueType {
    guard arity.contains(operands.count) else {
      throw TypeError("expects \(arity.lowerBound) operands, got \(operands.count)")
    }
    try checkAttributes()
    let type = try inferredType(of: operands)
    try type.checkSize()
    return type
  }

  private func inferredType(of operands: [ValueType]) throws -> ValueType {
    switch self {
    case .constant(let tensor):
      guard !tensor.shape.isSymbolic else {
        throw TypeError("a constant has no symbolic shape, got \(tensor.shape.symbolicDescription)")
      }
      return ValueType(tensor.elementType, tensor.shape)
    case .dimension: return ValueType(.int64, [])
    case .iota(let type, let shape, let axis):
      try check(axis: axis, of: shape)
      try checkNumbers(ValueType(type, shape))
      return ValueType(type, shape)
    case .randomUniform(let shape):
      guard operands[0] == ValueType(.int64, [2]) else {
        throw TypeError("expects a key of type int64[2], got \(operands[0])")
      }
      return ValueType(.float32, shape)
    case .unary, .binary, .compare, .select, .convert, .stopGradient:
      return try elementwiseType(of: operands)
    case .broadcast, .reshape, .transpose, .slice, .pad, .concatenate, .reverse:
      return try rearrangedType(of: operands)
    case .gather, .scatterAdd, .gatherElements, .scatterAddElements, .argMax, .argSort,
      .cumulativeSum, .reduce:
      return try indexedType(of: operands)
    case .matrixMultiply, .convolution, .convolutionInputGradient, .convolutionKernelGradient,
      .maxPool, .maxPoolIndices, .windowSum, .windowSumGradient:
      return try productType(of: operands)
    }
  }

  func check(axis: Int, of shape: Shape) throws {
    guard (0..<shape.rank).contains(axis) else {
      throw TypeError("axis \(axis) does not exist in a value of rank \(shape.rank)")
    }
  }

  func check(axes: [Int], of shape: Shape) throws {
    for axis in axes { try check(axis: axis, of: shape) }
    guard Set(axes).count == axes.count else { throw TypeError("axes \(axes) repeat") }
  }

  func checkNumbers(_ type: ValueType) throws {
    guard type.elementType != .bool else { throw TypeError("expects numbers, got \(type)") }
  }

  func checkFloatingPoint(_ operands: [ValueType]) throws {
    for operand in operands where !operand.elementType.isFloatingPoint {
      throw TypeError("expects floating-point operands, got \(operand)")
    }
    guard Set(operands.map(\.elementType)).count <= 1 else {
      throw TypeError("expects operands of one element type")
    }
  }

  private func elementwiseType(of operands: [ValueType]) throws -> ValueType {
    let first = operands[0]
    func agree(_ left: ValueType, _ right: ValueType) throws {
      guard left == right else { throw TypeError("expects operands of one type and shape") }
    }
    switch self {
    case .unary(let function):
      switch function {
      case .not:
        guard first.elementType == .bool else { throw TypeError("expects bools, got \(first)") }
      case .negate, .absoluteValue, .sign, .relu:
        try checkNumbers(first)
      default: try checkFloatingPoint([first])
      }
      return first
    case .binary(let function):
      try agree(first, operands[1])
      let isLogical = function == .and || function == .or
      guard isLogical == (first.elementType == .bool) else {
        throw TypeError("expects \(isLogical ? "bools" : "numbers"), got \(first)")
      }
      return first
    case .compare:
      try agree(first, operands[1])
      return ValueType(.bool, first.shape)
    case .select:
      guard first.elementType == .bool, first.shape == operands[1].shape else {
        throw TypeError(
          "expects a condition of type bool\(operands[1].shape.symbolicDescription), got \(first)")
      }
      try agree(operands[1], operands[2])
      return operands[1]
    case .convert(let type): return ValueType(type, first.shape)
    default: return first
    }
  }
}
