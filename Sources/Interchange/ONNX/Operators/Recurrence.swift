import Programs
import Tensors

/// What RNN, GRU and LSTM share: steps over time in one direction or two.
///
/// With T steps, B samples, I features, H hidden units, G gates and D directions:
///
///     X [T, B, I], W [D, G H, I], R [D, G H, H], B [D, 2 G H], states [D, B, H]
///     Y [T, D, B, H], last states [D, B, H]
///
/// and with `layout` 1 the axes of the samples first. T is a number; B may be the symbolic N. The
/// product of W with all steps is made at once, and step t takes rows t B to (t + 1) B of it, so
/// that only the product with R remains within a step.
struct Recurrence {
  let call: ONNXCall
  let gates: Int
  /// Whether each direction goes from the end to the beginning.
  let isReversed: [Bool]
  let activations: [[RecurrentActivation]]
  let hidden: Int
  private let sequence: Value
  private let isBatchFirst: Bool
  private let clip: Double?
  /// For the rows of all steps `[T B, H]`, whether the step lies within the sample's length.
  private let isWithinLength: Value?

  /// Steps that are unrolled at most.
  static let largestStepCount = 20_000

  private var steps: Int { sequence.shape[0] }
  private var batch: Int { sequence.shape[1] }
  var directions: Int { isReversed.count }

  /// Reads the attributes and inputs of a node.
  ///
  /// W has as many matrices of H rows as there are gates; the activations are those of one direction
  /// where the file names none.
  init(_ call: ONNXCall, gates: Int, activations: [String]) throws {
    let isReversed = try call.recurrentDirections()
    self.call = call
    self.gates = gates
    self.isReversed = isReversed
    self.activations = try call.recurrentActivations(
      default: activations, directions: isReversed.count)
    isBatchFirst = try call.flag("layout")
    clip = try call.optionalFloat("clip").flatMap { $0 > 0 ? $0 : nil }
    hidden = try call.hiddenSize(gates: gates, directions: isReversed.count)
    let input = try call.real(0)
    try call.require(input.shape.rank == 3, "the sequences have type \(input.type), not 3 axes")
    sequence = isBatchFirst ? input.transposed([1, 0, 2]) : input
    let steps = sequence.shape[0]
    try call.require(!Shape.isSymbolic(steps), "the number of steps must not depend on the batch")
    try call.require(
      (1...Self.largestStepCount).contains(steps),
      "runs over \(steps) steps; Assay unrolls 1 to \(Self.largestStepCount)")
    try call.lowering.count(steps * isReversed.count)
    isWithinLength = try call.isWithinLength(
      steps: steps, batch: sequence.shape[1], hidden: hidden)
  }

  /// The slice of an input for one direction.
  func weights(_ index: Int, direction: Int, like shape: [Int]) throws -> Value? {
    guard call.has(index) else { return nil }
    let value = try call.real(index)
    try call.require(
      value.shape == Shape([directions] + shape),
      "input \(index) has type \(value.type), not the shape \(Shape([directions] + shape))")
    return value.select(axis: 0, direction)
  }

  /// The bias of the gates of W and R, each `[G H]`, for one direction.
  func bias(direction: Int) throws -> (input: Value, recurrent: Value)? {
    let width = gates * hidden
    return try weights(3, direction: direction, like: [2 * width]).map {
      ($0.slice(axis: 0, 0..<width), $0.slice(axis: 0, width..<2 * width))
    }
  }

  /// R of one direction, `[G H, H]`.
  func recurrentWeight(direction: Int) throws -> Value {
    guard let weight = try weights(2, direction: direction, like: [gates * hidden, hidden]) else {
      throw call.error("input 2 is missing")
    }
    return weight
  }

  /// X Wᵀ + bias for all steps, `[T B, G H]`.
  func inputProduct(direction: Int, bias: Value?) throws -> Value {
    let features = sequence.shape[2]
    guard let weight = try weights(1, direction: direction, like: [gates * hidden, features])
    else { throw call.error("input 1 is missing") }
    return sequence.reshaped(to: [steps * batch, features]).linear(weight: weight, bias: bias)
  }

  /// The part of one gate in a value `[B, G H]`.
  func gate(_ value: Value, _ index: Int) -> Value {
    value.slice(axis: 1, index * hidden..<(index + 1) * hidden)
  }

  /// The value bounded to ±clip: what an activation takes.
  func clipped(_ value: Value) -> Value {
    guard let clip else { return value }
    return value.clamped(from: value.scalar(-clip), to: value.scalar(clip))
  }

  /// Runs one direction: Y of it, `[T, 1, B, H]`, and its last states.
  ///
  /// A step makes the next states from its rows of the input product and the states before, which
  /// are `[B, H]` each. The first of them is what Y collects; the numbers are those of the inputs with
  /// the initial ones.
  func run(
    direction: Int, product: Value, states inputs: [Int],
    step: (_ rows: Value, _ states: [Value]) -> [Value]
  ) throws -> (outputs: Value, states: [Value]) {
    var states = try inputs.map { try initialState($0, direction: direction) }
    var outputs: [Value] = []
    for time in isReversed[direction] ? (0..<steps).reversed() : Array(0..<steps) {
      let rows = time * batch..<(time + 1) * batch
      let next = step(product.slice(axis: 0, rows), states)
      if let mask = isWithinLength?.slice(axis: 0, rows) {
        states = zip(next, states).map { mask.select($0, $1) }
      } else {
        states = next
      }
      outputs.append(states[0])
    }
    if isReversed[direction] { outputs.reverse() }
    let joined = Value.concatenated(outputs, axis: 0)
    let masked = isWithinLength?.select(joined, joined.scalar(0)) ?? joined
    return (masked.reshaped(to: [steps, 1, batch, hidden]), states)
  }

  /// A state before the first step, `[B, H]`; zeros where the input is left out.
  private func initialState(_ index: Int, direction: Int) throws -> Value {
    let shape: Shape = [batch, hidden]
    guard call.has(index) else { return sequence.scalar(0).broadcast(to: shape) }
    let value = try call.real(index)
    let axis = isBatchFirst ? 1 : 0
    try call.require(
      value.shape.rank == 3 && value.shape[axis] == directions && value.shape[2] == hidden
        && [1, batch].contains(value.shape[1 - axis]),
      "the initial state, input \(index), has type \(value.type)")
    return value.select(axis: axis, direction).broadcast(to: shape)
  }

  /// The outputs of the node from those of each direction.
  func results(_ runs: [(outputs: Value, states: [Value])]) -> [Operand?] {
    let outputs = Value.concatenated(runs.map(\.outputs), axis: 1)
    let states = runs[0].states.indices.map { index in
      Value.stacked(runs.map { $0.states[index] }, axis: 0)
    }
    let ordered =
      isBatchFirst
      ? [outputs.transposed([2, 0, 1, 3])] + states.map { $0.transposed([1, 0, 2]) }
      : [outputs] + states
    return ordered.map { Operand($0, like: call) }
  }
}
