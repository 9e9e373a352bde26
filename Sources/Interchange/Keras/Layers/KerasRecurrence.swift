import Programs
import Tensors

/// A cell of a recurrent layer: what one step makes of an input and the states.
protocol KerasCell {
  /// How many units each state has.
  var units: Int { get }
  var stateCount: Int { get }
  /// What is computed of all steps' inputs `[N, T, features]` at once.
  func projected(_ inputs: Value) throws -> Value
  /// The new states, of which the first is the step's result.
  func step(_ projected: Value, _ states: [Value]) throws -> [Value]
}

/// The steps of a recurrent layer, one after the other.
///
/// A step that its mask leaves out keeps the states and repeats the result before it.
struct KerasRecurrence {
  /// Programs grow with each step.
  private static let largestStepCount = 100_000

  let call: KerasCall
  let cell: any KerasCell

  func run() throws -> [KerasTensor] {
    let configuration = call.configuration
    try call.require(
      !configuration.flag("time_major", default: false), "steps before samples are not supported")
    let input = try call.input()
    let value = try call.real(rank: 3)
    let count = try call.fixedSize(of: value, axis: 1)
    try call.require((1...Self.largestStepCount).contains(count), "cannot make \(count) steps")
    if configuration.flag("stateful", default: false) {
      call.tracer.note("\(call.layer.place) keeps its state between batches; here it begins anew.")
    }
    let isReversed = configuration.flag("go_backwards", default: false)
    let (outputs, states) = try scan(
      cell.projected(value), mask: input.mask,
      order: isReversed ? (0..<count).reversed() : Array(0..<count))
    let returnsAll = configuration.flag("return_sequences", default: false)
    let result = KerasTensor(
      returnsAll ? Value.stacked(outputs, axis: 1) : outputs[outputs.count - 1],
      mask: returnsAll ? input.mask : nil)
    guard configuration.flag("return_state", default: false) else { return [result] }
    return [result] + states.map { KerasTensor($0) }
  }

  private func scan(
    _ projected: Value, mask: Value?, order: [Int]
  ) throws -> (outputs: [Value], states: [Value]) {
    var states = try initialStates(samples: projected.shape[0])
    var outputs: [Value] = []
    for step in order {
      var next = try cell.step(projected.select(axis: 1, step), states)
      var output = next[0]
      if let mask {
        let counts = mask.slice(axis: 1, step..<step + 1)
        next = zip(next, states).map { counts.select($0, $1) }
        output = counts.select(output, outputs.last ?? output * 0)
      }
      states = next
      outputs.append(output)
    }
    return (outputs, states)
  }

  /// The states that the layer is called with, or zeros.
  private func initialStates(samples: Int) throws -> [Value] {
    let given =
      call.keywords["initial_state"]?.tensors ?? Array(call.inputs.dropFirst())
    if !given.isEmpty {
      try call.require(
        given.count == cell.stateCount, "expects \(cell.stateCount) states, got \(given.count)")
      return given.map { $0.value.converted(to: call.elementType) }
    }
    let zero = call.builder.constant(Tensor(0, elementType: call.elementType))
    return Array(
      repeating: zero.broadcast(to: [samples, cell.units]), count: cell.stateCount)
  }
}
