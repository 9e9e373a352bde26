import Programs
import Tensors

/// Normalisation by norms, and by the energy of neighbouring channels.
enum VectorNormalizationOperators {
  static let all: [ONNXOperator] = [
    .value("LpNormalization", lower: norm),
    .value("LRN", lower: neighbours),
  ]

  /// x / ‖x‖ along an axis; a vector of zeros stays one.
  private static func norm(_ call: ONNXCall) throws -> Value {
    let value = try call.real(0)
    let axis = try call.axis(call.int("axis", default: -1), rank: value.shape.rank)
    let order = try call.int("p", default: 2)
    try call.require(order == 1 || order == 2, "the norm has the order 1 or 2, not \(order)")
    let norm = value.absolutePower(Double(order))
      .sum(over: [axis], keepingDimensions: true).root(Double(order))
    return value / norm.compare(.equal, norm.scalar(0)).select(norm.scalar(1), norm)
  }

  /// x / (bias + α / size · Σ x²)^β, the sum over `size` neighbouring channels.
  ///
  /// - Source: Krizhevsky et al. 2012, section 3.3.
  private static func neighbours(_ call: ONNXCall) throws -> Value {
    let value = try call.real(0)
    let (shape, size) = (value.shape, try call.requiredInt("size"))
    try call.require(
      shape.rank >= 2 && (1...ONNXCall.largestStep).contains(size),
      "\(value.type) has no \(size) neighbouring channels")
    let windows = WindowGeometry(
      size: [size, 1], strides: [1, 1], paddingLow: [(size - 1) / 2, 0],
      paddingHigh: [size / 2, 0], dilations: [1, 1])
    let positions = shape.dimensions.dropFirst(2).reduce(1, *)
    let energy = value.squared().reshaped(to: [shape[0], 1, shape[1], positions])
      .apply(.windowSum(windows)).reshaped(to: shape)
    let (alpha, beta) = (
      try call.float("alpha", default: 1e-4), try call.float("beta", default: 0.75)
    )
    let bias = try call.float("bias", default: 1)
    return value / (energy * (alpha / Double(size)) + bias).power(value.scalar(beta))
  }
}
