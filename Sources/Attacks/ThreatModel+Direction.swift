package import Tensors

extension ThreatModel {
  /// The step of length one, in scaled units, along which a linear function would grow fastest.
  ///
  ///     argmax ⟨g, d⟩ subject to ‖d / s‖ ≤ 1:  d = s · steepest(s · g)
  ///
  /// What cannot move takes no part; under L1, where one coordinate gets the whole step, neither
  /// does what stands at its bound already. Gradients in a one-hot block are taken relative to the
  /// block's mean, as only differences move a point of the simplex; under L∞ each block moves by
  /// one unit, in proportion to its gradient: signs would spread it evenly over every category
  /// that is better than the mean.
  package func steepestDirection<Value: TensorAlgebra>(
    of gradient: Value, at perturbed: Value, around original: Value, epsilon: Value
  ) -> Value {
    let scale = gradient.constant(constraints.scale)
    return norm.steepestDirection(
      ofSlope: slope(gradient, at: perturbed, around: original, epsilon: epsilon), self) * scale
  }

  /// The gradient in scaled units, 0 where nothing can move.
  func slope<Value: TensorAlgebra>(
    _ gradient: Value, at perturbed: Value, around original: Value, epsilon: Value
  ) -> Value {
    let centred =
      constraints.blocks.isEmpty ? gradient : gradient - blockMeans(gradient)
    var slope = centred * gradient.constant(constraints.scale)
    if let mobility = mobility(epsilon: epsilon) { slope = slope * mobility }
    guard norm == .l1 else { return slope }
    let (lower, upper) = box(around: original)
    let zero = slope.scalar(0)
    let rises = slope.isGreater(than: zero) * upper.isGreater(than: perturbed)
    let falls = zero.isGreater(than: slope) * perturbed.isGreater(than: lower)
    return slope * (rises + falls)
  }
}

extension Norm {
  /// The steepest direction of a slope that `ThreatModel.slope` returned.
  func steepestDirection<Value: TensorAlgebra>(ofSlope slope: Value, _ threat: ThreatModel) -> Value
  {
    let direction = steepestDirection(of: slope)
    guard self == .linf, !threat.constraints.blocks.isEmpty else { return direction }
    let isBlock = slope.constant(threat.constraints.isBlock)
    let largest = threat.blockMaxima(slope.absoluteValue()).maximum(slope.scalar(ThreatModel.tiny))
    // Masked first: outside blocks the quotient may overflow, and ∞ · 0 is not a number.
    return direction * (1 - isBlock) + slope * isBlock / largest
  }
}
