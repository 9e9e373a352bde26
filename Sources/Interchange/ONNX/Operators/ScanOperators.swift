import Programs
import Tensors

/// The operator Scan, unrolled: states go from step to step along an axis of the other inputs.
enum ScanOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("Scan", since: 8, lower: batched),
    ONNXOperator("Scan", since: 9, lower: scan),
  ]

  private static func scan(_ call: ONNXCall) throws -> [Operand?] {
    let count = try call.requiredInt("num_scan_inputs")
    let operands = try call.inputs.indices.map { try call.operand($0) }
    try call.require(
      count >= 1 && count <= operands.count, "has no \(count) inputs to scan")
    let walk = try ScanWalk(
      call, states: operands.count - count,
      inputAxes: call.optionalInts("scan_input_axes"),
      inputDirections: call.optionalInts("scan_input_directions"),
      outputAxes: call.optionalInts("scan_output_axes"),
      outputDirections: call.optionalInts("scan_output_directions"))
    return try walk.results(
      states: Array(operands.dropLast(count)), inputs: Array(operands.suffix(count)))
  }

  /// The form of opset 8: axis 0 of everything is the samples', axis 1 of the inputs the steps'.
  ///
  /// Each sample is scanned by itself, up to its length; outputs are 0 after it.
  private static func batched(_ call: ONNXCall) throws -> [Operand?] {
    let count = try call.requiredInt("num_scan_inputs")
    let operands = try (1..<max(call.inputs.count, 1)).map { try call.operand($0) }
    try call.require(
      count >= 1 && count <= operands.count, "has no \(count) inputs to scan")
    try call.require(
      operands.allSatisfy { $0.shape.rank > 0 && $0.shape[0] == operands[0].shape[0] },
      "its inputs differ in the number of samples")
    let samples = operands[0].shape[0]
    try call.require(
      !Shape.isSymbolic(samples) && samples > 0,
      "scans each sample by itself; give the input a fixed number of samples")
    let lengths = try call.optionalIntegers(0)
    let walk = try ScanWalk(
      call, states: operands.count - count, inputDirections: call.optionalInts("directions"))
    let results = try (0..<samples).map { sample in
      let own = operands.map { Operand($0.value.select(axis: 0, sample), $0.type) }
      return try walk.results(
        states: Array(own.dropLast(count)), inputs: Array(own.suffix(count)),
        length: lengths.flatMap { $0.indices.contains(sample) ? $0[sample] : nil })
    }
    return try results[0].indices.map { index in
      guard let stacked = Operand.stacked(results.map { $0[index] }, axis: 0) else {
        throw call.error("its output \(index) differs in type between samples")
      }
      return stacked
    }
  }
}

/// How a scan walks along its inputs.
private struct ScanWalk {
  private let call: ONNXCall
  private let body: ONNXSubgraph
  private let states: Int
  private let inputAxes: [Int]
  private let isInputReversed: [Bool]
  private let outputAxes: [Int]
  private let isOutputReversed: [Bool]

  init(
    _ call: ONNXCall, states: Int, inputAxes: [Int]? = nil, inputDirections: [Int]? = nil,
    outputAxes: [Int]? = nil, outputDirections: [Int]? = nil
  ) throws {
    self.call = call
    self.states = states
    body = try ONNXSubgraph(call, attribute: "body")
    let inputs = body.graph.input.count - states
    let outputs = body.graph.output.count - states
    try call.require(
      inputs > 0 && outputs >= 0, "its body does not fit to \(states) states")
    func list(_ values: [Int]?, _ count: Int) throws -> [Int] {
      let values = values ?? Array(repeating: 0, count: count)
      try call.require(values.count == count, "has \(values.count) axes or directions for \(count)")
      return values
    }
    self.inputAxes = try list(inputAxes, inputs)
    self.outputAxes = try list(outputAxes, outputs)
    isInputReversed = try list(inputDirections, inputs).map { $0 != 0 }
    isOutputReversed = try list(outputDirections, outputs).map { $0 != 0 }
  }

  /// The last states and what was collected, after fewer steps than the inputs have if a length is
  /// given.
  func results(states: [Operand], inputs: [Operand], length: Int? = nil) throws -> [Operand] {
    try call.require(
      inputs.count == inputAxes.count,
      "its body takes \(inputAxes.count) of its \(inputs.count) inputs")
    let axes = try zip(inputs, inputAxes).map { try call.axis($1, rank: $0.shape.rank) }
    let total = try steps(inputs, axes)
    let count = length ?? total
    try call.require((1...total).contains(count), "scans \(count) of \(total) steps")
    var states = states
    var collected: [[Operand]] = outputAxes.map { _ in [] }
    for step in 0..<count {
      let elements = inputs.indices.map { index in
        let place = isInputReversed[index] ? count - 1 - step : step
        return Operand(
          inputs[index].value.select(axis: axes[index], place), inputs[index].type)
      }
      let results = try body(states + elements)
      states = Array(results.prefix(states.count))
      for (index, result) in results.dropFirst(states.count).enumerated() {
        collected[index].append(result)
      }
    }
    return try states
      + collected.indices.map { try stacked(collected[$0], output: $0, padding: total - count) }
  }

  private func steps(_ inputs: [Operand], _ axes: [Int]) throws -> Int {
    let lengths = zip(inputs, axes).map { $0.shape[$1] }
    let count = lengths[0]
    try call.require(
      lengths.allSatisfy { $0 == count }, "its inputs have \(lengths) steps along their axes")
    try call.require(!Shape.isSymbolic(count), "the number of steps must not depend on the batch")
    try call.require(
      (1...ControlFlowOperators.largestIterationCount).contains(count),
      "runs over \(count) steps; Assay unrolls 1 to \(ControlFlowOperators.largestIterationCount)")
    return count
  }

  /// The elements of an output along its axis, with zeros for steps after the end.
  private func stacked(_ elements: [Operand], output: Int, padding: Int) throws -> Operand {
    let axis = try call.axis(outputAxes[output], rank: elements[0].shape.rank + 1)
    let ordered = isOutputReversed[output] ? elements.reversed() : elements
    guard let result = Operand.stacked(ordered, axis: axis) else {
      throw call.error("its output \(output) changes its type from one step to the next")
    }
    var high = Array(repeating: 0, count: result.shape.rank)
    high[axis] = padding
    let low = Array(repeating: 0, count: result.shape.rank)
    return Operand(result.value.padded(low: low, high: high), result.type)
  }
}
