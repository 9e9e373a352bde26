public import Programs
package import Tensors

/// The living definition of every primitive: plain loops in double precision.
///
/// Every floating-point result is computed in double precision from operands of the stated types
/// and rounded to the equation's type at its end, so that float64 programs have full precision and
/// float32 programs err by half a unit in the last place of each equation. Integers are computed in
/// 64 bits and wrap around in narrower types.
public struct ReferenceBackend: Backend {
  public init() {}

  public var description: String { "reference: plain loops in double precision" }

  public func compile(_ program: Program) throws -> any Executable {
    guard !program.isSymbolic else { throw ExecutionError.symbolicProgram }
    return ReferenceExecutable(program)
  }
}

/// A program and the moment from which each value is no longer needed.
private struct ReferenceExecutable: Executable {
  private let program: Program
  /// For each equation: the values that no later equation and no output reads.
  private let released: [[Int]]

  init(_ program: Program) {
    self.program = program
    var lastReader = [Int?](repeating: nil, count: program.valueCount)
    for (index, equation) in program.equations.enumerated() {
      lastReader[program.inputs.count + index] = index
      for operand in equation.operands { lastReader[operand] = index }
    }
    for output in program.outputs { lastReader[output] = nil }
    var released = [[Int]](repeating: [], count: program.equations.count)
    for (value, reader) in lastReader.enumerated() {
      if let reader { released[reader].append(value) }
    }
    self.released = released
  }

  func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
    try program.check(inputs)
    var values: [Tensor?] = inputs
    values.reserveCapacity(program.valueCount)
    for (equation, released) in zip(program.equations, released) {
      let operands = equation.operands.compactMap { values[$0] }
      values.append(
        try ReferenceBackend.evaluate(equation.primitive, operands, type: equation.type))
      for value in released { values[value] = nil }
    }
    return program.outputs.compactMap { values[$0] }
  }
}

extension ReferenceBackend {
  /// The result of one equation, whose operands have types that the primitive accepts.
  ///
  /// `type` is the inferred type of the result; it is not symbolic.
  ///
  /// - Throws: `ExecutionError.indexOutOfRange` if an index does not exist.
  package static func evaluate(
    _ primitive: Primitive, _ operands: [Tensor], type: ValueType
  ) throws -> Tensor {
    switch primitive {
    case .constant(let tensor): tensor
    case .dimension(let size): Tensor([Int64(size)], shape: [])
    case .iota(_, _, let axis): iota(axis: axis, type: type)
    case .randomUniform(let shape): randomUniform(shape, key: operands[0])
    case .unary(let function): unary(function, operands[0])
    case .binary(let function): binary(function, operands[0], operands[1])
    case .compare(let comparison): compare(comparison, operands[0], operands[1])
    case .select: select(operands[0], operands[1], operands[2])
    case .convert(let elementType): operands[0].converted(to: elementType)
    case .stopGradient: operands[0]
    case .reshape(let shape): operands[0].reshaped(to: shape)
    case .broadcast, .transpose, .slice, .pad, .concatenate, .reverse:
      rearranged(primitive, operands, type: type)
    case .gather, .scatterAdd, .gatherElements, .scatterAddElements:
      try indexed(primitive, operands, type: type)
    case .argMax(let axis): argMax(operands[0], axis: axis, type: type)
    case .argSort(let axis, let descending):
      argSort(operands[0], axis: axis, descending: descending)
    case .reduce(let reduction, let axes): reduce(reduction, operands[0], axes: axes, type: type)
    case .cumulativeSum(let axis, let exclusive, let reverse):
      cumulativeSum(operands[0], axis: axis, exclusive: exclusive, reverse: reverse)
    case .matrixMultiply(let transposeLeft, let transposeRight):
      matrixMultiply(
        operands[0], operands[1], transposeLeft: transposeLeft, transposeRight: transposeRight,
        type: type)
    case .convolution, .convolutionInputGradient, .convolutionKernelGradient:
      convolved(primitive, operands[0], operands[1], type: type)
    case .maxPool, .maxPoolIndices, .windowSum, .windowSumGradient:
      pooled(primitive, operands[0], type: type)
    }
  }
}
