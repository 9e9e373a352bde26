import Programs
import Tensors

/// Attention with its masks and caches, and the operators that prepare its inputs.
enum AttentionOperators {
  static let all: [ONNXOperator] =
    [
      ONNXOperator("Attention", since: 23, lower: attention),
      .value("RotaryEmbedding", lower: rotary),
      .value("TensorScatter", lower: scatter),
    ] + RecurrentAttention.all

  /// softmax(softcap(scale Q Kᵀ) + mask) V for each head.
  ///
  /// The outputs are the result, keys and values with those of the past, and the scores.
  ///
  /// - Source: Vaswani et al. 2017, arXiv:1706.03762; Ainslie et al. 2023, arXiv:2305.13245.
  private static func attention(_ call: ONNXCall) throws -> [Operand?] {
    let input = try call.real(0)
    let heads = (try call.optionalInt("q_num_heads"), try call.optionalInt("kv_num_heads"))
    let queries = try call.heads(input, count: heads.0)
    var keys = try call.heads(call.real(1), count: heads.1)
    var values = try call.heads(call.real(2), count: heads.1)
    try call.require(call.has(4) == call.has(5), "has a past key or a past value alone")
    if call.has(4) {
      let past = try (call.real(4).type, call.real(5).type)
      try call.require(
        past.0.shape.rank == 4 && past.1.shape.rank == 4, "the past is \(past.0) and \(past.1)")
      keys = Value.concatenated([try call.real(4), keys], axis: 2)
      values = Value.concatenated([try call.real(5), values], axis: 2)
    }
    let repeats = try call.repeats(of: keys, for: queries)
    let scale = try call.optionalFloat("scale") ?? 1 / Double(queries.shape[3]).squareRoot()
    let raw = (queries * scale).matrixMultiplied(
      by: keys.repeated(repeats, axis: 1), transposeRight: true)
    let capped = raw.softcapped(try call.float("softcap", default: 0))
    let masked = try AttentionMask(call, queries: queries, keys: keys).applied(to: capped)
    let isDouble = try call.optionalInt("softmax_precision") == 11
    let weights = (isDouble ? masked.converted(to: .float64) : masked).attentionWeights()
      .converted(to: values.elementType)
    var result = weights.matrixMultiplied(by: values.repeated(repeats, axis: 1))
    if input.shape.rank == 3 { result = result.transposed([0, 2, 1, 3]).flattened(from: 2) }
    let scores = [raw, capped, masked, weights.converted(to: raw.elementType)]
    let mode = try call.int("qk_matmul_output_mode", default: 0)
    try call.require(scores.indices.contains(mode), "there is no output mode \(mode)")
    return [result, keys, values, scores[mode]].map { Operand($0, like: call) }
  }

  /// Pairs of elements rotated by the angle of their position.
  ///
  ///     (a, b) ↦ (a cos − b sin, a sin + b cos)
  ///
  /// - Source: Su et al. 2021, arXiv:2104.09864.
  private static func rotary(_ call: ONNXCall) throws -> Value {
    let input = try call.real(0)
    let value = try call.heads(input, count: call.optionalInt("num_heads"))
    let size = value.shape[3]
    let stated = try call.int("rotary_embedding_dim", default: 0)
    let rotated = stated == 0 ? size : stated
    try call.require(
      (2...max(size, 2)).contains(rotated) && rotated <= size && rotated % 2 == 0,
      "\(rotated) elements of \(size) cannot be rotated in pairs")
    let (cosine, sine) = (try call.angles(1), try call.angles(2))
    let isInterleaved = try call.flag("interleaved")
    func half(_ index: Int) -> Value {
      isInterleaved
        ? value.slice(axis: 3, index..<rotated, by: 2)
        : value.slice(axis: 3, index * rotated / 2..<(index + 1) * rotated / 2)
    }
    let (first, second) = (half(0), half(1))
    let parts = [first * cosine - second * sine, first * sine + second * cosine]
    let pairs =
      isInterleaved
      ? Value.stacked(parts, axis: 4).reshaped(
        to: Shape(value.shape.dimensions.dropLast() + [rotated]))
      : Value.concatenated(parts, axis: 3)
    let rest = value.slice(axis: 3, rotated..<size)
    let result = rotated == size ? pairs : Value.concatenated([pairs, rest], axis: 3)
    return input.shape.rank == 3
      ? result.transposed([0, 2, 1, 3]).reshaped(to: input.shape) : result
  }

  /// A cache with new elements from an index on, which may differ between samples.
  private static func scatter(_ call: ONNXCall) throws -> Value {
    let (cache, update) = try (call.input(0), call.input(1))
    let axis = try call.axis(call.int("axis", default: -2), rank: cache.shape.rank)
    try call.require(
      update.shape.rank == cache.shape.rank, "\(update.type) does not fit into \(cache.type)")
    let (size, count) = (cache.shape[axis], update.shape[axis])
    var (expected, found) = (cache.shape, update.shape)
    (expected[axis], found[axis]) = (1, 1)
    try call.require(
      axis > 0 && expected == found && count <= size,
      "\(update.type) does not fit into \(cache.type) along axis \(axis)")
    let position = call.builder.append(.iota(.int64, cache.shape, axis: axis), [])
    let start = call.optionalInput(2)?.converted(to: .int64)
      .reshaped(to: Shape([cache.shape[0]] + cache.shape.dimensions.dropFirst().map { _ in 1 }))
    var offset = start.map { position - $0 } ?? position
    switch try call.string("mode", default: "linear") {
    case "linear": break
    case "circular": offset = offset.remainder(offset.scalar(Double(size)))
    case let other: throw call.error("there is no mode '\(other)'")
    }
    let zero = offset.scalar(0)
    let isNew = zero.compare(.lessOrEqual, offset)
      .and(offset.compare(.less, zero.scalar(Double(count))))
    let elements = update.gatherElements(isNew.select(offset, zero), axis: axis)
    return isNew.select(elements, cache)
  }
}

extension ONNXCall {
  /// Heads as an axis of their own, `[N, heads, sequence, size]`, from that or from
  /// `[N, sequence, heads · size]`.
  func heads(_ value: Value, count: Int?) throws -> Value {
    let shape = value.shape
    if shape.rank == 4 { return value }
    guard let count, count > 0, shape.rank == 3, shape[2] % count == 0 else {
      throw error("\(value.type) does not consist of \(count.map(String.init) ?? "stated") heads")
    }
    return value.reshaped(to: [shape[0], shape[1], count, shape[2] / count])
      .transposed([0, 2, 1, 3])
  }

  /// How many heads of queries share one of keys.
  fileprivate func repeats(of keys: Value, for queries: Value) throws -> Int {
    let (count, wanted) = (keys.shape[1], queries.shape[1])
    try require(
      count > 0 && wanted % count == 0, "\(wanted) heads of queries do not share \(count) of keys")
    return wanted / count
  }

  /// A table of angles' sines or cosines for each position: `[N or 1, 1, sequence, pairs]`.
  fileprivate func angles(_ index: Int) throws -> Value {
    let table = try real(index)
    let chosen = optionalInput(3).map { table.gather($0, axis: 0) } ?? table
    try require(chosen.shape.rank == 3, "\(chosen.type) has no angle for each position")
    return chosen.expanded(axis: 1)
  }
}

extension Value {
  /// The function limit · tanh(x / limit), or x itself for a limit of 0.
  fileprivate func softcapped(_ limit: Double) -> Value {
    limit > 0 ? (self / limit).hyperbolicTangent() * limit : self
  }

  /// The softmax of the last axis, which is 0 where all scores are −∞.
  func attentionWeights() -> Value {
    let axis = shape.rank - 1
    let largest = maximum(over: [axis], keepingDimensions: true).stoppingGradient()
    let isMasked = largest.compare(.equal, scalar(-.infinity))
    let exponentials = (self - isMasked.select(scalar(0), largest)).exponential()
    let sum = exponentials.sum(over: [axis], keepingDimensions: true)
    return exponentials / isMasked.select(scalar(1), sum)
  }
}
