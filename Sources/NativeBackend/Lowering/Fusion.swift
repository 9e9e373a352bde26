import Programs
import Tensors

/// Gathers elementwise equations that can be computed in one pass over memory.
///
/// An equation joins the groups of its operands if these have its shape and nobody outside has
/// read from them yet, so that they can wait until it runs.
struct Fusion {
  /// The values that each unit makes, in the order in which units can run.
  private(set) var units: [[Int]] = []
  private var unitOf: [Int: Int] = [:]
  private var isClosed: [Bool] = []
  private let flow: Dataflow
  private let epilogues: [Int: Epilogue]

  /// Bounds the registers of a group, each of which is a block in the first-level cache.
  private static let largestGroup = 24

  init(_ flow: Dataflow, _ epilogues: [Int: Epilogue]) {
    self.flow = flow
    self.epilogues = epilogues
    let sums = Set(epilogues.values.map(\.sum))
    let program = flow.program
    for value in program.inputs.count..<program.valueCount
    where flow.isNeeded[value] && !sums.contains(value) {
      guard let equation = program.equation(of: value) else { continue }
      if flow.isDeferred(value) {
        if flow.root(value) == value { close(equation.operands) }
      } else if flow.opcode(value) == nil {
        close(equation.operands + (epilogues[value].map { [$0.bias] } ?? []))
        append([value], isClosed: true)
      } else {
        join(value, equation)
      }
    }
    units = units.filter { !$0.isEmpty }
  }

  private mutating func append(_ members: [Int], isClosed closed: Bool) {
    for member in members { unitOf[member] = units.count }
    units.append(members)
    isClosed.append(closed)
  }

  private mutating func close(_ operands: [Int]) {
    for operand in operands {
      if let unit = unitOf[flow.root(operand)] { isClosed[unit] = true }
    }
  }

  private mutating func join(_ value: Int, _ equation: Equation) {
    var members: [Int] = []
    let groups = Set(equation.operands.compactMap { unitOf[flow.root($0)] }).sorted()
    for group in groups {
      let isSameShape = flow.program.type(of: units[group][0]).shape == equation.type.shape
      if !isClosed[group], isSameShape,
        members.count + units[group].count < Self.largestGroup
      {
        members += units[group]
        units[group] = []
      } else {
        isClosed[group] = true
      }
    }
    append(members.sorted() + [value], isClosed: false)
  }
}
