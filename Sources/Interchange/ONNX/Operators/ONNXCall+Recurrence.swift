import Programs
import Tensors

extension ONNXCall {
  /// For each direction of a recurrent node, whether it goes from the end to the beginning.
  func recurrentDirections() throws -> [Bool] {
    let direction = try string("direction", default: "forward")
    switch direction {
    case "forward": return [false]
    case "reverse": return [true]
    case "bidirectional": return [false, true]
    default: throw error("there is no direction '\(direction)'")
    }
  }

  /// The number of hidden units, which the attribute and the shape of R state.
  func hiddenSize(gates: Int, directions: Int) throws -> Int {
    let weight = try real(2)
    try require(
      weight.shape.rank == 3 && weight.shape[2] > 0 && !weight.shape.isSymbolic,
      "the recurrent weight, input 2, has type \(weight.type)")
    let hidden = weight.shape[2]
    let stated = try int("hidden_size", default: hidden)
    try require(stated == hidden, "hidden_size is \(stated), but the weights have \(hidden) units")
    return hidden
  }

  /// Whether each step lies within the length of its sample, `[T B, H]`; nil if all do.
  ///
  /// A sample's states stay as they are outside of its length. A reverse direction therefore begins
  /// at the sample's own end, and its outputs stay at their places in time.
  func isWithinLength(steps: Int, batch: Int, hidden: Int) throws -> Value? {
    guard let lengths = optionalInput(4) else { return nil }
    try require(
      !lengths.elementType.isFloatingPoint && lengths.shape == [batch],
      "the lengths, input 4, have type \(lengths.type)")
    if let known = tracer.known(lengths), known.alternative == nil,
      known.tensor.doubles.allSatisfy({ $0 >= Double(steps) })
    {
      return nil
    }
    let times = builder.append(.iota(lengths.elementType, [steps, batch], axis: 0), [])
    return times.compare(.less, lengths).expanded(axis: 2)
      .broadcast(to: [steps, batch, hidden]).reshaped(to: [steps * batch, hidden])
  }
}
