import Programs
import Tensors

/// Which keys each query may attend to, and what is added to the scores of those.
struct AttentionMask {
  private var allowed: Value?
  private var bias: Value?

  /// The mask of a node: what its input says, the keys that exist, the past of each query, and
  /// the window around it.
  ///
  /// The query i is at the position p = i + offset, the offset being the number of keys before
  /// the queries. It may attend to a key j with
  ///
  ///     j ≤ p  (causal)        p − left ≤ j ≤ p + right  (windows)
  init(_ call: ONNXCall, queries: Value, keys: Value) throws {
    let (queryCount, keyCount) = (queries.shape[2], keys.shape[2])
    let builder = call.builder
    let key = builder.append(.iota(.int64, [1, keyCount], axis: 1), [])
    let index = builder.append(.iota(.int64, [queryCount, 1], axis: 0), [])
    try add(call, keyCount: keyCount)
    let present = call.optionalInput(6)?.converted(to: .int64)
      .reshaped(to: [queries.shape[0], 1, 1, 1])
    let position: Value
    if let past = call.optionalInput(4) {
      position = index + builder.append(.dimension(past.shape[2]), [])
    } else if let present {
      position = index + present - builder.append(.dimension(queryCount), [])
    } else {
      position = index
    }
    if try call.flag("is_causal") { allow(key.compare(.lessOrEqual, position)) }
    let left = try call.int("left_window_size", default: -1)
    if left >= 0 { allow(position.compare(.lessOrEqual, key + Double(left))) }
    let right = try call.int("right_window_size", default: -1)
    if right >= 0 { allow(key.compare(.lessOrEqual, position + Double(right))) }
    if let present { allow(key.compare(.less, present)) }
  }

  /// The mask that is an input; one that is too short lacks the last keys.
  private mutating func add(_ call: ONNXCall, keyCount: Int) throws {
    guard var mask = call.optionalInput(3) else { return }
    try call.require(mask.shape.rank >= 1, "the mask is a single number")
    let missing = keyCount - mask.shape[mask.shape.rank - 1]
    if missing > 0 {
      let none = mask.shape.dimensions.map { _ in 0 }
      mask = mask.padded(
        low: none, high: none.dropLast() + [missing],
        value: mask.elementType == .bool ? 0 : -.infinity)
    }
    if mask.elementType == .bool { allow(mask) } else { bias = mask }
  }

  private mutating func allow(_ condition: Value) {
    allowed = allowed.map { $0.and(condition) } ?? condition
  }

  /// The scores with the mask: −∞ for keys that a query may not attend to.
  func applied(to scores: Value) -> Value {
    let biased = bias.map { scores + $0.converted(to: scores.elementType) } ?? scores
    return allowed?.select(biased, biased.scalar(-.infinity)) ?? biased
  }
}
