import Tensors

extension ThreatModel {
  /// The exact projection onto the intersection of the L1 ball and the box.
  ///
  ///     zᵢ = sign(uᵢ) min(max(|uᵢ| − λ, 0), roomᵢ),   Σ |zᵢ| = ε, or λ = 0 where that is inside
  ///
  /// The sum falls piecewise linearly in λ: bisection without sorting brackets λ, and a last linear
  /// interpolation is exact once no breakpoint lies in the bracket. A one-hot block takes part as
  /// one coordinate.
  ///
  /// - Source: Croce and Hein 2021, arXiv:2103.01208, proposition 2.1 (there by sorting).
  func projectL1<Value: TensorAlgebra>(
    _ moved: Value, around original: Value, lower: Value, upper: Value, epsilon: Value
  ) -> Value {
    let scale = original.constant(constraints.scale)
    let isBlock = original.constant(constraints.isBlock)
    let boxed = moved.clamped(from: lower, to: upper)
    let magnitude = magnitude(of: moved, from: original)
    let room =
      (boxed - original).absoluteValue() / scale + isBlock * Double(EncodedConstraints.open)
    let weight = constraints.blocks.isEmpty ? original.scalar(1) : blockWeight(original)
    let kept = { (threshold: Value) in
      (magnitude - threshold).maximum(magnitude.scalar(0)).minimum(room)
    }
    let threshold = threshold(
      upTo: magnitude.maximum(over: moved.sampleAxes, keepingDimensions: true), epsilon: epsilon
    ) { (kept($0) * weight).sum(over: moved.sampleAxes, keepingDimensions: true) }
    let remaining = kept(threshold)
    let shrink = remaining / magnitude.maximum(magnitude.scalar(Self.tiny))
    // A coordinate that fills its room sits exactly on the bound, so that no step is spent on it.
    let isFull = 1 - room.isGreater(than: remaining)
    let inside = (original + (moved - original) * shrink).clamped(from: lower, to: upper)
    return boxed * isFull + inside * (1 - isFull)
  }

  /// |x′ − x| / s per coordinate; in every column of a block, what the block as a whole counts.
  private func magnitude<Value: TensorAlgebra>(
    of moved: Value, from original: Value
  ) -> Value {
    let scaled = ((moved - original) / original.constant(constraints.scale)).absoluteValue()
    guard !constraints.blocks.isEmpty else { return scaled }
    let isBlock = original.constant(constraints.isBlock)
    return scaled * (1 - isBlock) + spread(blockSums(scaled * original))
  }

  /// The smallest λ ≥ 0 for which a falling total is at most ε.
  private func threshold<Value: TensorAlgebra>(
    upTo largest: Value, epsilon: Value, total: (Value) -> Value
  ) -> Value {
    var low = largest * 0
    var high = largest
    let isOutside = total(low).isGreater(than: epsilon)
    // After 22 halvings the bracket is as wide as float32 can tell apart.
    for _ in 0..<22 {
      let middle = (low + high) * 0.5
      let isTooMuch = total(middle).isGreater(than: epsilon)
      low = isTooMuch * middle + (1 - isTooMuch) * low
      high = isTooMuch * high + (1 - isTooMuch) * middle
    }
    let (above, below) = (total(low), total(high))
    let part = ((above - epsilon) / (above - below).maximum(above.scalar(Self.tiny)))
      .clamped(from: above.scalar(0), to: above.scalar(1))
    return (low + (high - low) * part) * isOutside
  }
}
