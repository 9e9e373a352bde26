package import Tensors

extension Program {
  /// Computes an equation whose operands are known.
  package typealias Evaluator = (Primitive, [Tensor], ValueType) throws -> Tensor

  /// An equivalent program with fewer and cheaper equations.
  ///
  /// Constants are folded, equal equations shared, unused ones dropped, operations that change
  /// nothing removed, and constant scales and offsets after a convolution or matrix product with a
  /// constant kernel (batch normalisation at inference) moved into the kernel and one bias. All
  /// but the last keep every bit, except that x + 0 keeps the sign of a zero x; the last agrees to
  /// rounding. Inputs and outputs keep their order, names and types.
  ///
  /// - Parameter evaluating: The evaluator of equations whose operands are constants.
  /// - Returns: The simplified program.
  /// - Throws: What the evaluator throws.
  package func simplified(evaluating: @escaping Evaluator) throws -> Program {
    try withoutDeadCode()
      .rewritten(evaluating: evaluating).withoutDeadCode()
      .withFoldedNormalization()
      .rewritten(evaluating: evaluating).withoutDeadCode()
  }

  private func rewritten(evaluating: @escaping Evaluator) throws -> Program {
    var simplifier = Simplifier(inputs: inputs, evaluate: evaluating)
    var renumbered = Array(inputs.indices)
    for equation in equations {
      let operands = equation.operands.map { renumbered[$0] }
      renumbered.append(
        try simplifier.emit(equation.primitive, operands, equation.type))
    }
    return try Program(
      inputs: inputs, equations: simplifier.equations, outputs: outputs.map { renumbered[$0] },
      outputNames: outputNames)
  }

  /// The program without the equations that no output depends on.
  package func withoutDeadCode() throws -> Program {
    let isUsed = self.isUsed
    var renumbered = Array(0..<valueCount)
    var kept: [Equation] = []
    for (index, equation) in equations.enumerated() where isUsed[inputs.count + index] {
      renumbered[inputs.count + index] = inputs.count + kept.count
      kept.append(
        Equation(
          primitive: equation.primitive, operands: equation.operands.map { renumbered[$0] },
          type: equation.type))
    }
    return try Program(
      inputs: inputs, equations: kept, outputs: outputs.map { renumbered[$0] },
      outputNames: outputNames)
  }

  /// For each value: whether an output depends on it.
  package var isUsed: [Bool] {
    var isUsed = [Bool](repeating: false, count: valueCount)
    for output in outputs { isUsed[output] = true }
    for (index, equation) in equations.enumerated().reversed()
    where isUsed[inputs.count + index] {
      for operand in equation.operands { isUsed[operand] = true }
    }
    return isUsed
  }
}

/// A program that is being rebuilt, each equation simplified in the light of the earlier ones.
struct Simplifier {
  private let inputs: [Program.Port]
  private let evaluate: Program.Evaluator
  private(set) var equations: [Equation] = []
  private var known: [Equation: Int] = [:]

  init(inputs: [Program.Port], evaluate: @escaping Program.Evaluator) {
    self.inputs = inputs
    self.evaluate = evaluate
  }

  /// The number of a value equal to the result of an equation.
  mutating func emit(
    _ primitive: Primitive, _ operands: [Int], _ type: ValueType
  ) throws -> Int {
    let equation = Equation(primitive: primitive, operands: operands, type: type)
    if let value = try sunk(equation) { return value }
    if let tensor = try folded(equation) {
      return append(Equation(primitive: .constant(tensor), operands: [], type: type))
    }
    if let value = try elementwiseIdentity(equation) { return value }
    if let value = try rearrangingIdentity(equation) { return value }
    return append(equation)
  }

  /// The number of an earlier equal equation, or of this one appended.
  private mutating func append(_ equation: Equation) -> Int {
    let key = equation.withOrderedOperands
    if let value = known[key] { return value }
    equations.append(equation)
    let value = inputs.count + equations.count - 1
    known[key] = value
    return value
  }

  func definition(of value: Int) -> Equation? {
    value < inputs.count ? nil : equations[value - inputs.count]
  }

  func type(of value: Int) -> ValueType {
    definition(of: value)?.type ?? inputs[value].type
  }

  /// The operands of the equation that makes a value, if it applies this unary function.
  func argument(of value: Int, _ function: UnaryFunction) -> Int? {
    guard let definition = definition(of: value), definition.primitive == .unary(function) else {
      return nil
    }
    return definition.operands[0]
  }

  func compute(_ equation: Equation, _ operands: [Tensor]) throws -> Tensor {
    try evaluate(equation.primitive, operands, equation.type)
  }
}

extension Equation {
  /// The same equation with the operands of a commutative function in ascending order.
  fileprivate var withOrderedOperands: Equation {
    switch primitive {
    case .binary(.add), .binary(.multiply), .binary(.and), .binary(.or):
      Equation(primitive: primitive, operands: operands.sorted(), type: type)
    default: self
    }
  }
}
