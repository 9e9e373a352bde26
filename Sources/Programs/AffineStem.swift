import Tensors

/// A model cut in two behind the affine layers that it begins with: rest(stem(x)).
///
/// The stem takes straight lines to straight lines and has one derivative everywhere, so that along
/// a line, or for a mean of gradients, it is to be gone through once:
///
///     stem(x′ + α (x − x′)) = stem(x′) + α (stem(x) − stem(x′)),   Σ wₖ Jᵀ gₖ = Jᵀ Σ wₖ gₖ
public struct AffineStem: Sendable {
  /// From the model's input to what the rest takes.
  package let stem: Program
  /// From there to the model's outputs.
  package let rest: Program

  /// Operations of the stem for each number that it hands on, below which cutting does not pay:
  /// the numbers are to be written and summed at every point.
  private static let fewestOperations = 32

  /// Cuts a program of one input; nil where it has no affine stem with enough work in it.
  package init?(_ program: Program) throws {
    guard program.inputs.count == 1, program.inputs[0].type.elementType == .float32,
      let end = try Self.end(of: program)
    else { return nil }
    stem = try Self.stem(of: program, upTo: end)
    rest = try Self.rest(of: program, behind: end)
  }

  /// The last value for each sample of the chain of affine equations that alone reads the input.
  private static func end(of program: Program) throws -> Int? {
    var readers = [[Int]](repeating: [], count: program.valueCount)
    var depends = [Bool](repeating: false, count: program.valueCount)
    depends[0] = true
    for value in program.inputs.count..<program.valueCount {
      for operand in program.equation(of: value)?.operands ?? [] {
        readers[operand].append(value)
        depends[value] = depends[value] || depends[operand]
      }
    }
    var current = 0
    var found: Int?
    while readers[current].count == 1, !program.outputs.contains(current) {
      let next = readers[current][0]
      guard let equation = program.equation(of: next),
        let position = equation.operands.firstIndex(of: current),
        equation.operands.count(where: { depends[$0] }) == 1,
        equation.primitive.isAffine(inOperand: position)
      else { break }
      current = next
      let shape = equation.type.shape
      guard shape.dimensions.first == Shape.batch else { continue }
      let work = try stem(of: program, upTo: current).bound(batch: 1).operationCount
      if work >= Double(fewestOperations * shape.sample.count) { found = current }
    }
    return found
  }

  private static func stem(of program: Program, upTo end: Int) throws -> Program {
    try Program(
      inputs: program.inputs, equations: Array(program.equations.prefix(end)),
      outputs: [end], outputNames: ["stem"]
    ).withoutDeadCode()
  }

  private static func rest(of program: Program, behind end: Int) throws -> Program {
    var renumbered = [Int?](repeating: nil, count: program.valueCount)
    renumbered[end] = 0
    var kept: [Equation] = []
    for value in 1..<program.valueCount where value != end {
      guard let equation = program.equation(of: value) else { continue }
      let operands = equation.operands.map { renumbered[$0] }
      // What reads the input lies in the stem.
      guard operands.allSatisfy({ $0 != nil }) else { continue }
      kept.append(
        Equation(
          primitive: equation.primitive, operands: operands.compactMap(\.self),
          type: equation.type))
      renumbered[value] = kept.count
    }
    return try Program(
      inputs: [Program.Port(name: "stem", type: program.type(of: end))], equations: kept,
      outputs: program.outputs.compactMap { renumbered[$0] }, outputNames: program.outputNames
    ).withoutDeadCode()
  }
}

extension Primitive {
  /// Whether the result is an affine function of an operand while the others are constant.
  fileprivate func isAffine(inOperand position: Int) -> Bool {
    switch self {
    case .unary(.negate), .binary(.add), .binary(.subtract), .binary(.multiply): true
    case .reshape, .broadcast, .transpose, .slice, .reverse, .pad, .concatenate: true
    case .reduce(.sum, _), .windowSum, .matrixMultiply: true
    case .binary(.divide), .gather, .convolution: position == 0
    default: false
    }
  }
}
