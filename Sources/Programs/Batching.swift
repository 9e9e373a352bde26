import Tensors

extension Program {
  /// The program that applies this one to each of N samples at once.
  ///
  ///     y[n] = program(x[n], shared),  n = 0 … N − 1
  ///
  /// The named inputs and every output have a new leading axis `Shape.batch`; the other inputs and
  /// the constants are shared by all samples. A value that depends on no named input is computed
  /// once; if it is an output, it is repeated for each sample. Unused equations are left out.
  ///
  /// The axis is new also where a model fixes its batch: for `[1, 3, 32, 32]` it takes
  /// `[N, 1, 3, 32, 32]`.
  ///
  /// - Parameter inputs: The names of the inputs that differ from sample to sample.
  /// - Returns: A symbolic program, to be bound to a number of samples.
  /// - Throws: `BatchingError` if a shape is symbolic already, an equation has no such form, or
  ///   the elements of many samples cannot be counted; `ProgramError` if an axis into which N is
  ///   merged is too long.
  public func mappedOverSamples(of inputs: Set<String>) throws -> Program {
    let known = self.inputs.map(\.name)
    precondition(inputs.isSubset(of: known), "expected names among \(known), got \(inputs)")
    try checkMappable()
    let builder = ProgramBuilder()
    // By number; unused equations have none.
    var values: [Int: SampleOperand] = [:]
    for (number, port) in self.inputs.enumerated() {
      let isBatched = inputs.contains(port.name)
      let type = isBatched ? port.type.ofSamples : port.type
      values[number] = SampleOperand(value: builder.input(port.name, type), isBatched: isBatched)
    }
    let isUsed = self.isUsed
    for (index, equation) in equations.enumerated() where isUsed[self.inputs.count + index] {
      values[self.inputs.count + index] = try builder.mapped(
        equation, number: index, equation.operands.compactMap { values[$0] })
    }
    return try builder.program(
      Array(zip(outputNames, outputs.compactMap { values[$0]?.batched })))
  }

  /// Checks that N is free, and that no arithmetic on shapes with N can overflow.
  private func checkMappable() throws {
    guard !isSymbolic else { throw BatchingError.symbolicProgram }
    for type in inputs.map(\.type) + equations.map(\.type) {
      do { try type.ofSamples.checkSize() } catch is TypeError {
        throw BatchingError.tooLarge(type)
      }
    }
  }
}

extension ValueType {
  /// The type of such a value for each of N samples.
  fileprivate var ofSamples: ValueType { ValueType(elementType, [Shape.batch] + shape) }
}

extension ProgramBuilder {
  /// Appends an equation for all samples: once if they share its operands, else by its rule.
  fileprivate func mapped(
    _ equation: Equation, number: Int, _ operands: [SampleOperand]
  ) throws -> SampleOperand {
    let primitive = equation.primitive
    guard operands.contains(where: \.isBatched) else {
      return SampleOperand(value: append(primitive, operands.map(\.value)), isBatched: false)
    }
    do {
      return SampleOperand(value: try primitive.mappedOverSamples(operands), isBatched: true)
    } catch let error as TypeError {
      throw BatchingError.noRule(
        equation: number, name: primitive.name.description, reason: error.reason)
    }
  }
}

/// Why a program cannot be applied to each of N samples.
public enum BatchingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A shape contains the symbolic batch size, which must not stand for two numbers.
  case symbolicProgram
  case noRule(equation: Int, name: String, reason: String)
  /// With N the shape's elements could not be counted in 64 bits.
  case tooLarge(ValueType)

  public var description: String {
    switch self {
    case .symbolicProgram:
      "a program can be applied to each of N samples only if none of its shapes contains N already"
    case .noRule(let equation, let name, let reason):
      "equation \(equation), \(name), cannot be applied to each of N samples: \(reason)"
    case .tooLarge(let type):
      "a value of type \(type) is too large to have one for each of N samples"
    }
  }
}
