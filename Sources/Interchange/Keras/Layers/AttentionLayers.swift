import Programs
import Tensors

/// Layers that mix steps by how alike they are.
enum AttentionLayers {
  static let all: [KerasLayerKind] = [
    KerasLayerKind("MultiHeadAttention", lower: multiHead),
    KerasLayerKind("Attention") { call in
      try call.attended { query, key in
        let isScaled = call.configuration.flag("use_scale", default: false)
        let scale = isScaled ? try call.weight(0, "scale", rank: 0) : query.scalar(1)
        if call.configuration.text("score_mode") == "concat" {
          let weight = try call.weight(isScaled ? 1 : 0, "concat score weight", rank: 0)
          return call.additiveScores(query * scale, key * scale, nil) * weight
        }
        return query.matrixMultiplied(by: key, transposeRight: true) * scale
      }
    },
    KerasLayerKind("AdditiveAttention") { call in
      try call.attended { query, key in
        let isScaled = call.configuration.flag("use_scale", default: true)
        return call.additiveScores(
          query, key, isScaled ? try call.weight(0, "scale", rank: 1) : nil)
      }
    },
  ]

  /// Attention of several heads: softmax(q kᵀ / √size) v, whose results are mixed by a matrix.
  ///
  /// Shapes: kernels `[features, heads, size]`, that of the results `[heads, size, features]`.
  ///
  /// - Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.
  private static func multiHead(_ call: KerasCall) throws -> [KerasTensor] {
    try call.require(
      call.configuration["sliding_window"] == nil
        && !call.configuration.flag("use_gate", default: false),
      "windows and gates are not supported")
    let query = try call.real(0, rank: 3)
    let value = try call.operand(1, "value")
    let key = (try? call.operand(2, "key")) ?? value
    let (q, k, v) = try (
      call.heads("query", 0, query),
      call.heads("key", 1, key.value.converted(to: call.elementType)),
      call.heads("value", 2, value.value.converted(to: call.elementType))
    )
    let size = Double(q.shape[3]).squareRoot()
    let scores = (q / size).matrixMultiplied(by: k, transposeRight: true)
    let mask = try call.attentionMask(
      scores,
      [
        call.input().mask?.expanded(axis: 2), value.mask?.expanded(axis: 1),
        call.keyword("key") == nil && call.inputs.count < 3 ? nil : key.mask?.expanded(axis: 1),
      ])
    let weights = scores.masked(mask).softmax(axis: 3)
    let mixed = weights.matrixMultiplied(by: v).transposed([0, 2, 1, 3])
    let result = try call.output(mixed)
    let tensor = KerasTensor(result, mask: try call.input().mask)
    return call.flag(keyword: "return_attention_scores")
      ? [tensor, KerasTensor(weights)] : [tensor]
  }
}

extension KerasCall {
  /// An input by position or by name.
  fileprivate func operand(_ index: Int, _ name: String) throws -> KerasTensor {
    try keyword(name) ?? input(index)
  }

  private func part(_ name: String, _ index: Int) -> KerasCall {
    KerasCall(
      layer: layer, arguments: arguments, keywords: keywords,
      weights: weights.part("\(name)_dense", index, of: 4), lowering: lowering)
  }

  /// x W + b as `[N, heads, T, size]`.
  fileprivate func heads(_ name: String, _ index: Int, _ value: Value) throws -> Value {
    try require(value.shape.rank == 3, "attends along one axis alone, got \(value.type)")
    let part = part(name, index)
    let kernel = try part.weight(0, "\(name) kernel", rank: 3)
    let (heads, size) = (kernel.shape[1], kernel.shape[2])
    let product = value.matrixMultiplied(by: kernel.flattened())
    let split = product.reshaped(to: [value.shape[0], value.shape[1], heads, size])
    let isBiased = configuration.flag("use_bias", default: true)
    let biased = isBiased ? split + (try part.weight(1, "\(name) bias", rank: 2)) : split
    return biased.transposed([0, 2, 1, 3])
  }

  /// The results of all heads `[N, T, heads, size]`, mixed.
  fileprivate func output(_ heads: Value) throws -> Value {
    let part = part("output", 3)
    let kernel = try part.weight(0, "output kernel", rank: 3)
    let features = kernel.shape[2]
    let rows = heads.flattened(from: 2)
    let product = rows.matrixMultiplied(
      by: kernel.reshaped(to: [kernel.shape[0] * kernel.shape[1], features]))
    guard configuration.flag("use_bias", default: true) else { return product }
    return product + (try part.weight(1, "output bias", rank: 1))
  }

  /// Which pairs of steps count, as bools that broadcast to the scores `[N, heads, T, S]`.
  fileprivate func attentionMask(_ scores: Value, _ masks: [Value?]) throws -> Value? {
    var masks = masks.compactMap { $0?.expanded(axis: 1) }
    if let given = keyword("attention_mask")?.value {
      let flags =
        given.elementType == .bool
        ? given : given.compare(.equal, given.scalar(0)).not()
      masks.append(given.shape.rank == 3 ? flags.expanded(axis: 1) : flags)
    }
    if flag(keyword: "use_causal_mask") {
      masks.append(
        try causalMask(fixedSize(of: scores, axis: 2), fixedSize(of: scores, axis: 3)))
    }
    return masks.first.map { masks.dropFirst().reduce($0) { $0.and($1) } }
  }

  /// Bools `[T, S]`: step s counts for step t if s ≤ t.
  fileprivate func causalMask(_ queries: Int, _ keys: Int) throws -> Value {
    let shape: Shape = [queries, keys]
    let row = builder.append(.iota(.int64, shape, axis: 0), [])
    return builder.append(.iota(.int64, shape, axis: 1), []).compare(.lessOrEqual, row)
  }

  /// Attention of `[query, value, key]`: softmax of the scores, times the values.
  fileprivate func attended(_ score: (Value, Value) throws -> Value) throws -> [KerasTensor] {
    let query = try real(0, rank: 3)
    let value = try real(1, rank: 3)
    let key = inputs.count > 2 ? try real(2, rank: 3) : value
    let scores = try score(query, key)
    try require(scores.shape.rank == 3, "the scores have the type \(scores.type)")
    var masks = try [input(1).mask?.expanded(axis: 1)].compactMap { $0 }
    if flag(keyword: "use_causal_mask") {
      masks.append(
        try causalMask(fixedSize(of: scores, axis: 1), fixedSize(of: scores, axis: 2)))
    }
    let mask = masks.first.map { masks.dropFirst().reduce($0) { $0.and($1) } }
    let weights = scores.masked(mask).softmax(axis: 2)
    var result = weights.matrixMultiplied(by: value)
    let queryMask = try input(0).mask
    if let queryMask {
      result = result * queryMask.expanded(axis: 2).converted(to: result.elementType)
    }
    let tensor = KerasTensor(result, mask: queryMask)
    return flag(keyword: "return_attention_scores") ? [tensor, KerasTensor(weights)] : [tensor]
  }

  /// Σ scale tanh(query + key) for each pair of steps.
  fileprivate func additiveScores(_ query: Value, _ key: Value, _ scale: Value?) -> Value {
    let sums = (query.expanded(axis: 2) + key.expanded(axis: 1)).hyperbolicTangent()
    return (scale.map { sums * $0 } ?? sums).sum(over: [3])
  }
}

extension Value {
  /// Scores, lowered so far that the softmax leaves out those that do not count.
  fileprivate func masked(_ mask: Value?) -> Value {
    guard let mask else { return self }
    return self + mask.not().converted(to: elementType) * -1e9
  }
}
