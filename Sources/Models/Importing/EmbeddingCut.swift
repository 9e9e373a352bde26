import Programs
import Tensors

/// A network of whole numbers, cut where they become real: at the embedding of tokens, say.
///
/// Numbers that name something have no derivative. What they are looked up as has one: the vectors
/// of an embedding, or the product of one-hot rows with a matrix. The part before the cut turns data
/// into samples; the part after it is what is attacked and explained.
struct EmbeddingCut {
  /// From whole numbers to embeddings.
  let encoder: Program
  /// From embeddings to outputs; the embedding is its first input.
  let rest: Program

  /// Whether a program looks the numbers of an input up, so that it can only be cut.
  static func isNeeded(for program: Program, input name: String) -> Bool {
    program.inputs.contains { $0.name == name } && NumberFlow(program, from: name).isLookup
  }

  /// - Parameters:
  ///   - program: A program.
  ///   - input: The input of whole numbers.
  ///   - name: What the embedding is called as an input.
  /// - Throws: `ModelError` if outputs depend on the numbers in other ways too.
  init(_ program: Program, input: String, embedding name: String) throws {
    let flow = NumberFlow(program, from: input)
    guard let value = flow.cut, flow.isOnlyPath(value) else {
      throw ModelError(
        .data(
          "the input '\(input)' holds whole numbers that are used in several places, not in one "
            + "embedding: such a network cannot be explained at its embedding"))
    }
    encoder = try Program(
      inputs: program.inputs, equations: program.equations, outputs: [value],
      outputNames: [name]
    ).withoutDeadCode().withoutUnusedInputs()
    rest = try Self.rest(of: program, after: value, name: name)
  }

  private static func rest(of program: Program, after cut: Int, name: String) throws -> Program {
    let port = Program.Port(name: name, type: program.type(of: cut))
    // The old inputs stay until what depends on them is dropped: numbers do not move.
    let equations = program.equations.map { equation in
      Equation(
        primitive: equation.primitive, operands: equation.operands.map { $0 == cut ? 0 : $0 + 1 },
        type: equation.type)
    }
    return try Program(
      inputs: [port] + program.inputs, equations: equations,
      outputs: program.outputs.map { $0 == cut ? 0 : $0 + 1 }, outputNames: program.outputNames
    ).withoutDeadCode().withoutUnusedInputs()
  }
}

extension Program {
  /// The program without the inputs that no output depends on, but for the first.
  fileprivate func withoutUnusedInputs() throws -> Program {
    let isUsed = self.isUsed
    let kept = inputs.indices.filter { isUsed[$0] || $0 == 0 }
    let numbers = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
    let removed = inputs.count - kept.count
    let moved = { (value: Int) in numbers[value] ?? value - removed }
    return try Program(
      inputs: kept.map { inputs[$0] },
      equations: equations.map {
        Equation(primitive: $0.primitive, operands: $0.operands.map(moved), type: $0.type)
      }, outputs: outputs.map(moved), outputNames: outputNames)
  }
}

/// Which values of a program follow from the whole numbers of an input.
private struct NumberFlow {
  private let program: Program
  private let inputs: Set<Int>
  private let depends: [Bool]

  init(_ program: Program, from input: String) {
    self.program = program
    inputs = Set(program.inputs.indices.filter { program.inputs[$0].name == input })
    depends = Self.dependents(of: program, from: inputs, without: nil)
  }

  /// The values that are real and follow from nothing real: where numbers become real.
  private var frontier: [Int] {
    (program.inputs.count..<program.valueCount).filter { value in
      guard depends[value], program.type(of: value).elementType.isFloatingPoint,
        let equation = program.equation(of: value)
      else { return false }
      return equation.operands.allSatisfy {
        !depends[$0] || !program.type(of: $0).elementType.isFloatingPoint
      }
    }
  }

  /// The value to cut at; nil if there is not just one.
  var cut: Int? {
    guard frontier.count == 1, let value = frontier.first else { return nil }
    // One-hot rows say less than what a matrix makes of them.
    var next = value
    while let reader = soleReader(of: next) {
      switch program.equation(of: reader)?.primitive {
      case .reshape, .convert, .broadcast: next = reader
      case .matrixMultiply: return perSample(reader)
      default: return value
      }
    }
    return value
  }

  /// The value, or what it becomes once its rows are put under an axis of samples again.
  private func perSample(_ value: Int) -> Int {
    var value = value
    while program.type(of: value).shape.dimensions.first != Shape.batch,
      let reader = soleReader(of: value), case .reshape = program.equation(of: reader)?.primitive
    { value = reader }
    return value
  }

  /// Whether the numbers are looked up or compared, and not just computed with.
  var isLookup: Bool {
    frontier.contains { value in
      guard let equation = program.equation(of: value), case .convert = equation.primitive else {
        return true
      }
      return program.type(of: equation.operands[0]).elementType == .bool
    }
  }

  /// Whether every way from the numbers to an output leads through a value.
  func isOnlyPath(_ value: Int) -> Bool {
    let left = Self.dependents(of: program, from: inputs, without: value)
    return !program.outputs.contains { left[$0] }
  }

  private func soleReader(of value: Int) -> Int? {
    let readers = program.equations.indices.filter {
      program.equations[$0].operands.contains(value)
    }
    guard readers.count == 1, !program.outputs.contains(value) else { return nil }
    return program.inputs.count + readers[0]
  }

  private static func dependents(
    of program: Program, from start: Set<Int>, without removed: Int?
  ) -> [Bool] {
    var result = (0..<program.valueCount).map { start.contains($0) && $0 != removed }
    for (index, equation) in program.equations.enumerated() {
      let value = program.inputs.count + index
      if value != removed, equation.operands.contains(where: { result[$0] }) {
        result[value] = true
      }
    }
    return result
  }
}
