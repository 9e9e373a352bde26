import Programs
import Tensors

/// Normalisation by stored statistics and by neighbours.
enum TensorFlowNormalizations {
  private static let batchOutputs = [
    "y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3",
  ]

  static let all: [TensorFlowOperator] =
    ["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"].map {
      TensorFlowOperator($0, outputs: batchOutputs, lower: batchNormalization)
    } + [.value("LRN", lower: localResponse)]

  /// (x − mean) γ / √(variance + ε) + β with the mean and variance of a training.
  private static func batchNormalization(
    _ call: TensorFlowCall
  ) throws -> [TensorFlowOperand] {
    let (value, scale, offset) = try (call.real(0), call.real(1), call.real(2))
    let (mean, variance) = try (call.real(3), call.real(4))
    try call.require(
      !call.flag("is_training", default: true),
      "normalises by the statistics of a batch, which mixes samples: export it for inference")
    let factor = scale / (variance + call.float("epsilon", default: 1e-4)).squareRoot()
    let isFirst = call.string("data_format", default: "NHWC").hasPrefix("NC")
    let rank = value.shape.rank
    func placed(_ vector: Value) -> Value { isFirst ? vector.alongChannels(rank: rank) : vector }
    let result = (value - placed(mean)) * placed(factor) + placed(offset)
    let training = TensorFlowOperand.unavailable(
      "uses an output of \(call.node.op) that only a training has")
    return [.value(result), .value(mean), .value(variance)] + Array(repeating: training, count: 3)
  }

  /// x / (bias + α Σ x²)^β over the 2r + 1 nearest of the last axis.
  private static func localResponse(_ call: TensorFlowCall) throws -> Value {
    let value = try call.real(0)
    let radius = call.int("depth_radius", default: 5)
    let shape = value.shape
    try call.require((0...1 << 20).contains(radius), "a radius of \(radius) is not possible")
    try call.require(shape.rank == 4, "expects [N, H, W, C], got \(value.type)")
    let windows = WindowGeometry(
      size: [1, 2 * radius + 1], strides: [1, 1], paddingLow: [0, radius],
      paddingHigh: [0, radius], dilations: [1, 1])
    let rows = value.squared().reshaped(to: [shape[0], 1, shape[1] * shape[2], shape[3]])
    let sums = value.builder.append(.windowSum(windows), [rows]).reshaped(to: shape)
    let base = sums * call.float("alpha", default: 1) + call.float("bias", default: 1)
    return value * base.power(base.scalar(-call.float("beta", default: 0.5)))
  }
}
