import Programs
import Tensors

/// Branches and loops: what is known before the model runs decides what becomes of them.
enum ControlFlowOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("If", lower: branch),
    ONNXOperator("Loop", lower: loop),
  ]

  /// Loops run at most this often; those whose end depends on data must state no more.
  static let largestIterationCount = 20_000

  /// A known condition leaves one branch.
  ///
  /// Otherwise both are computed, and one of their results is selected: derivatives in the other's
  /// values are 0, provided that they are finite.
  private static func branch(_ call: ONNXCall) throws -> [Operand?] {
    let condition = try call.input(0)
    if let isTrue = try call.knownCondition(condition) {
      let graph = try ONNXSubgraph(call, attribute: isTrue ? "then_branch" : "else_branch")
      return try graph([])
    }
    let (first, second) = try bothBranches(call, condition)
    try call.require(
      first.count == second.count,
      "its branches have \(first.count) and \(second.count) outputs")
    return try zip(first, second).map { left, right in
      guard let selected = Operand.selected(condition, left, right) else {
        throw call.unknownCondition(
          condition,
          "its condition depends on the inputs, and its branches give \(left.value.type) and "
            + "\(right.value.type)")
      }
      return selected
    }
  }

  private static func bothBranches(
    _ call: ONNXCall, _ condition: Value
  ) throws -> ([Operand], [Operand]) {
    do {
      let (first, second) = try (
        ONNXSubgraph(call, attribute: "then_branch"), ONNXSubgraph(call, attribute: "else_branch")
      )
      return try (first([]), second([]))
    } catch let fact as InterchangeError.Fact {
      // The branch may be one that is never taken: a known condition would leave it out.
      throw call.unknownCondition(
        condition, "its condition depends on the inputs, and a branch cannot be read: \(fact)")
    }
  }

  private static func loop(_ call: ONNXCall) throws -> [Operand?] {
    var loop = try UnrolledLoop(call)
    while try loop.mayRun() { try loop.run() }
    return try loop.results()
  }
}

/// A loop on its way.
private struct UnrolledLoop {
  private let call: ONNXCall
  private let body: ONNXSubgraph
  /// The most iterations that the file states; nil where it states none.
  private let limit: Int?
  private var iteration = 0
  private var states: [Operand]
  private var scanned: [[Operand]]
  /// Whether the next iteration runs; nil without a condition.
  private var condition: Operand?
  /// Whether the loop still runs, once that depends on data.
  private var isActive: Value?

  init(_ call: ONNXCall) throws {
    self.call = call
    limit = try call.optionalIntegers(0)?.first
    condition = call.has(1) ? try call.operand(1) : nil
    states = try (2..<max(call.inputs.count, 2)).map { try call.operand($0) }
    body = try ONNXSubgraph(call, attribute: "body")
    let count = body.graph.output.count - 1 - states.count
    try call.require(count >= 0, "its body has no outputs for all \(states.count) states")
    scanned = Array(repeating: [], count: count)
  }

  /// Whether there is another iteration, or may be.
  mutating func mayRun() throws -> Bool {
    if let limit, iteration >= limit { return false }
    guard let value = condition?.value else { return true }
    if let isTrue = try call.knownCondition(value) { return isTrue }
    guard scanned.isEmpty, let limit, limit <= ControlFlowOperators.largestIterationCount else {
      throw call.unknownCondition(
        value,
        scanned.isEmpty
          ? "the number of its iterations depends on the inputs and has no limit"
          : "the length of its outputs depends on the inputs")
    }
    isActive = isActive?.and(value.reshaped(to: [])) ?? value.reshaped(to: [])
    return true
  }

  mutating func run() throws {
    try call.require(
      iteration < ControlFlowOperators.largestIterationCount,
      "runs more than \(ControlFlowOperators.largestIterationCount) times")
    try call.lowering.count(1)
    let counter = Operand(call.constant(Tensor([Int64(iteration)], shape: [])))
    let isRunning = condition ?? Operand(call.constant(Tensor([true], shape: [])))
    let results = try body([counter, isRunning] + states)
    if call.has(1) { condition = results[0] }
    let next = Array(results[1..<1 + states.count])
    states = try isActive.map { try masked(next, $0) } ?? next
    for (index, result) in results.dropFirst(1 + states.count).enumerated() {
      scanned[index].append(result)
    }
    iteration += 1
  }

  /// The next states where the loop still runs, else those before.
  private func masked(_ next: [Operand], _ isActive: Value) throws -> [Operand] {
    try zip(next, states).map { next, state in
      guard let selected = Operand.selected(isActive, next, state) else {
        throw call.unknownCondition(
          isActive,
          "the number of its iterations depends on the inputs, and a state changes from "
            + "\(state.value.type) to \(next.value.type)")
      }
      return selected
    }
  }

  func results() throws -> [Operand?] {
    let names = body.graph.output.dropFirst(1 + states.count)
    return states
      + (try zip(scanned, names).map { operands, port in
        guard !operands.isEmpty else { return try call.emptyStack(port) }
        guard let stacked = Operand.stacked(operands, axis: 0) else {
          throw call.error("its output '\(port.name)' changes its shape from one run to the next")
        }
        return stacked
      })
  }
}

extension ONNXCall {
  /// What a loop that never runs collects: no elements of the shape that the file declares.
  fileprivate func emptyStack(_ port: ONNXValueInfo) throws -> Operand {
    guard let type = ONNXElementType(rawValue: port.type.tensorType.elemType),
      let elementType = type.representation, port.type.tensorType.hasShape,
      port.type.tensorType.shape.dim.allSatisfy({ $0.dimValue > 0 })
    else { throw error("never runs, and does not say which shape '\(port.name)' has") }
    let shape = Shape([0] + port.type.tensorType.shape.dim.map { Int(clamping: $0.dimValue) })
    return Operand(constant(Tensor(repeating: 0, shape: shape, elementType: elementType)), type)
  }
}
