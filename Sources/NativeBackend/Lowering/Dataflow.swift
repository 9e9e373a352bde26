import Programs
import Tensors

/// Who reads each value of a program, and which values are others under a new name.
struct Dataflow {
  let program: Program
  /// For each value whether an output needs it.
  let isNeeded: [Bool]
  /// For each value the equations that read it, as the values they make; through renamings.
  let readers: [[Int]]
  /// For each value whether it is an output; through renamings.
  let isOutput: [Bool]

  init(_ program: Program) {
    self.program = program
    var isNeeded = [Bool](repeating: false, count: program.valueCount)
    for output in program.outputs { isNeeded[output] = true }
    for value in (program.inputs.count..<program.valueCount).reversed() where isNeeded[value] {
      for operand in program.equation(of: value)?.operands ?? [] { isNeeded[operand] = true }
    }
    self.isNeeded = isNeeded
    var readers = [[Int]](repeating: [], count: program.valueCount)
    for value in program.inputs.count..<program.valueCount where isNeeded[value] {
      guard let equation = program.equation(of: value), !Self.renames(equation, in: program)
      else { continue }
      for operand in Set(equation.operands.map { Self.root(of: $0, in: program) }) {
        readers[operand].append(value)
      }
    }
    self.readers = readers
    var isOutput = [Bool](repeating: false, count: program.valueCount)
    for output in program.outputs { isOutput[Self.root(of: output, in: program)] = true }
    self.isOutput = isOutput
  }

  /// The value that this one is another name of.
  func root(_ value: Int) -> Int { Self.root(of: value, in: program) }

  private static func root(of value: Int, in program: Program) -> Int {
    var value = value
    while let equation = program.equation(of: value), renames(equation, in: program) {
      value = equation.operands[0]
    }
    return value
  }

  private static func renames(_ equation: Equation, in program: Program) -> Bool {
    switch equation.primitive {
    case .stopGradient: true
    case .convert, .reshape, .broadcast:
      program.type(of: equation.operands[0]) == equation.type
    default: false
    }
  }

  /// Whether a value is made where it is needed: a view of another, or known beforehand.
  func isDeferred(_ value: Int) -> Bool {
    guard let equation = program.equation(of: value) else { return false }
    switch equation.primitive {
    case .constant, .dimension, .iota, .stopGradient, .reshape, .broadcast, .slice: return true
    default: return Self.renames(equation, in: program)
    }
  }

  /// The loop for an elementwise equation of float32, integers and bools.
  func opcode(_ value: Int) -> Int? {
    guard let equation = program.equation(of: value), let last = equation.operands.last,
      !isDeferred(value)
    else { return nil }
    return ChainFunction.opcode(
      equation.primitive, operand: program.type(of: last).elementType,
      result: equation.type.elementType)
  }
}
