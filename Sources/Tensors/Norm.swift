/// A norm on samples: every axis but the first belongs to one vector.
public enum Norm: String, Hashable, Sendable, Codable, CaseIterable {
  case linf, l2, l1

  /// The length of each sample: shape `[N, 1, …, 1]`.
  ///
  ///     ‖v‖∞ = max |vᵢ|;   ‖v‖₂ = √Σ vᵢ²;   ‖v‖₁ = Σ |vᵢ|
  public func length<Value: TensorAlgebra>(of vector: Value) -> Value {
    let axes = vector.sampleAxes
    switch self {
    case .linf: return vector.absoluteValue().maximum(over: axes, keepingDimensions: true)
    case .l1: return vector.absoluteValue().sum(over: axes, keepingDimensions: true)
    case .l2:
      // Scaled by the largest element, so that small gradients do not underflow.
      let largest = vector.absoluteValue().maximum(over: axes, keepingDimensions: true)
      let scaled = vector / largest.maximum(largest.scalar(Self.tiny))
      return (scaled * scaled).sum(over: axes, keepingDimensions: true).squareRoot() * largest
    }
  }

  /// The direction d with ‖d‖ ≤ 1 in which a linear function with this gradient grows fastest.
  ///
  ///     L∞: sign g;   L2: g / ‖g‖₂;   L1: sign g at the largest |gᵢ|, shared among ties
  ///
  /// Zero where the gradient is zero.
  public func steepestDirection<Value: TensorAlgebra>(of gradient: Value) -> Value {
    switch self {
    case .linf: return gradient.sign()
    case .l2:
      let largest = Norm.linf.length(of: gradient)
      let scaled = gradient / largest.maximum(largest.scalar(Self.tiny))
      return scaled / Norm.l2.length(of: scaled).maximum(scaled.scalar(Self.tiny))
    case .l1:
      let magnitude = gradient.absoluteValue()
      let largest = magnitude.maximum(over: gradient.sampleAxes, keepingDimensions: true)
      let smaller = largest.isGreater(than: magnitude)
      let chosen = gradient.sign() * (1 - smaller)
      let count = chosen.absoluteValue().sum(over: gradient.sampleAxes, keepingDimensions: true)
      return chosen / count.maximum(count.scalar(1))
    }
  }

  /// The norm in which this norm's dual is measured: 1/p + 1/q = 1.
  public var dual: Norm {
    switch self {
    case .linf: .l1
    case .l2: .l2
    case .l1: .linf
    }
  }

  /// The smallest positive normal float32: a divisor that cannot be zero.
  private static let tiny = 0x1p-126
}
