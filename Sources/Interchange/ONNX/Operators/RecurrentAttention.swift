import Programs
import Tensors

/// Attention and convolution that carry a state from one part of a sequence to the next.
enum RecurrentAttention {
  static let all: [ONNXOperator] = [
    ONNXOperator("LinearAttention", lower: linear),
    ONNXOperator("CausalConvWithState", lower: convolution),
  ]

  /// One step of the recurrence for each element of the sequence.
  ///
  ///     S ← exp(g) S + k ⊗ v′        v′ = β (v − (exp(g) S)ᵀ k)  (delta), else v
  ///     o = scale Sᵀ q
  ///
  /// - Source: Yang et al. 2024, arXiv:2412.06464.
  private static func linear(_ call: ONNXCall) throws -> [Operand?] {
    let rule = try call.string("update_rule", default: "gated_delta")
    try call.require(
      ["linear", "gated", "delta", "gated_delta"].contains(rule), "there is no rule '\(rule)'")
    let (queryHeads, heads) = (
      try call.requiredInt("q_num_heads"), try call.requiredInt("kv_num_heads")
    )
    let queries = try call.heads(call.real(0), count: queryHeads)
    let keys = try call.heads(call.real(1), count: heads)
    let values = try call.heads(call.real(2), count: heads)
    let (samples, length) = (queries.shape[0], queries.shape[2])
    try call.require(
      length <= 4096 && heads > 0 && queryHeads % heads == 0 && keys.shape[2] == length
        && values.shape[2] == length,
      "\(queries.type), \(keys.type) and \(values.type) make no recurrence of up to 4096 steps")
    try call.lowering.count(length)
    let decay = rule.hasPrefix("gated") ? try call.perHead(4, heads: heads).exponential() : nil
    let rate = rule.hasSuffix("delta") ? try call.perHead(5, heads: heads) : nil
    let stated = try call.float("scale", default: 0)
    let scale = stated == 0 ? 1 / Double(keys.shape[3]).squareRoot() : stated
    let stateShape: Shape = [samples, heads, keys.shape[3], values.shape[3]]
    var state =
      call.optionalInput(3)?.converted(to: values.elementType)
      ?? values.scalar(0).broadcast(to: stateShape)
    var results: [Value] = []
    for step in 0..<length {
      func row(_ value: Value) -> Value { value.slice(axis: 2, step..<step + 1) }
      let key = row(keys).transposed([0, 1, 3, 2])
      var value = row(values)
      if let decay { state = state * row(decay).transposed([0, 1, 3, 2]) }
      if let rate { value = row(rate) * (value - row(keys).matrixMultiplied(by: state)) }
      state = state + key * value
      // Heads of queries that share a state are the rows of one matrix.
      let shared = row(queries).reshaped(
        to: [samples, heads, queryHeads / heads, queries.shape[3]])
      results.append((shared * scale).matrixMultiplied(by: state).flattened(from: 1))
    }
    try call.require(!results.isEmpty, "the sequence is empty")
    return [Operand(Value.stacked(results, axis: 1), like: call), Operand(state, like: call)]
  }

  /// A convolution of each channel with its own kernel over this and earlier elements; the state
  /// is what the next part will need of this one.
  private static func convolution(_ call: ONNXCall) throws -> [Operand?] {
    let (value, kernel) = try (call.real(0), call.real(1))
    try call.require(
      value.shape.rank == 3 && kernel.shape.rank == 3 && kernel.shape[2] >= 1,
      "expects a sequence of channels and a kernel for each, got \(value.type) and \(kernel.type)")
    let past = kernel.shape[2] - 1
    try call.require(
      call.optionalInput(3)?.shape.rank ?? 3 == 3, "the state has not three axes")
    let whole =
      call.optionalInput(3).map { Value.concatenated([$0, value], axis: 2) }
      ?? value.padded(low: [0, 0, past], high: [0, 0, 0])
    let geometry = ConvolutionGeometry(rank: 1, groups: max(value.shape[1], 1))
    let product = whole.convolved(with: kernel, geometry, bias: call.optionalInput(2))
    let result: Value
    switch try call.string("activation", default: "none") {
    case "none": result = product
    case "silu", "swish": result = product.swish()
    case let other: throw call.error("there is no activation '\(other)'")
    }
    let end = whole.shape[2]
    return [
      Operand(result, like: call),
      Operand(whole.slice(axis: 2, end - past..<end), like: call),
    ]
  }
}

extension ONNXCall {
  /// A number for each head or for each element of it: `[N, heads or 1, sequence, size or 1]`.
  fileprivate func perHead(_ index: Int, heads: Int) throws -> Value {
    let value = try real(index)
    try require(value.shape.rank == 3, "\(value.type) is no sequence")
    return try self.heads(value, count: value.shape[2] == 1 ? 1 : heads)
  }
}
