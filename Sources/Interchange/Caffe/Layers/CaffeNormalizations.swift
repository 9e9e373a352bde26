import Programs
import Tensors

/// Normalisation by stored statistics, by neighbours, and by a sample itself.
enum CaffeNormalizations {
  static let all: [CaffeLayer] = [
    .value("BatchNorm", lower: batchNormalization),
    .value("LRN", lower: localResponse),
    .value("MVN", lower: meanVariance),
    .value("Normalize", lower: unitLength),
    .each("Softmax") { call, value in
      let axis = try call.axis(Int(call.layer.softmaxParam.axis), rank: value.shape.rank)
      return call.tracer.softmax(value, axis: axis)
    },
  ]

  /// (x − μ f) / √(σ² f + ε), where f is 1 over the third blob: the stored sums are not yet means.
  private static func batchNormalization(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.batchNormParam
    try call.require(
      !settings.hasUseGlobalStats || settings.useGlobalStats,
      "use_global_stats is false: it would mix the samples of a batch; remove the setting")
    try call.require(value.shape.rank >= 2, "expects channels, got \(value.type)")
    let channels: Shape = [try call.fixed(value, 1)]
    let total = try call.blob(2, [1])
    let zero = total.scalar(0)
    let factor = total.compare(.equal, zero).select(zero, total.scalar(1) / total)
    let (mean, variance) = try (call.blob(0, channels), call.blob(1, channels))
    let deviation = (variance * factor + Double(settings.eps)).squareRoot()
    let rank = value.shape.rank
    return (value - (mean * factor).alongChannels(rank: rank)) / deviation.alongChannels(rank: rank)
  }

  /// x / (k + α / n Σ x²)^β over n neighbouring channels, or x / (1 + α mean x²)^β over a square of
  /// n × n positions.
  ///
  /// - Source: Krizhevsky et al. 2012, section 3.3.
  private static func localResponse(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.lrnParam
    let size = Int(settings.localSize)
    try call.require(size % 2 == 1, "local_size must be odd, got \(size)")
    try call.require(value.shape.rank == 4, "expects [N, C, H, W], got \(value.type)")
    let scale: Value
    switch settings.normRegion {
    case .acrossChannels:
      scale =
        channelSums(value.squared(), size) * Double(settings.alpha) / Double(size)
        + Double(settings.k)
    case .withinChannel:
      let axes = try [2, 3].map {
        try CaffePoolingAxis(
          call, size: call.fixed(value, $0), kernel: size, stride: 1, padding: (size - 1) / 2)
      }
      scale = CaffePooling.average(value.squared(), axes) * Double(settings.alpha) + 1
    }
    return value * scale.power(scale.scalar(-Double(settings.beta)))
  }

  /// The sums over neighbouring channels; the channels are a spatial axis for that.
  private static func channelSums(_ value: Value, _ size: Int) -> Value {
    let shape = value.shape
    let half = (size - 1) / 2
    let windows = WindowGeometry(
      size: [size, 1], strides: [1, 1], paddingLow: [half, 0], paddingHigh: [half, 0],
      dilations: [1, 1])
    let columns = value.reshaped(to: [shape[0], 1, shape[1], shape[2] * shape[3]])
    return value.builder.append(.windowSum(windows), [columns]).reshaped(to: shape)
  }

  /// (x − mean) / (deviation + ε) of each channel, or of each sample.
  private static func meanVariance(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.mvnParam
    let first = settings.acrossChannels ? 1 : 2
    try call.require(value.shape.rank > first, "expects positions, got \(value.type)")
    let axes = Array(first..<value.shape.rank)
    let centred = value - value.mean(over: axes, keepingDimensions: true)
    guard settings.normalizeVariance else { return centred }
    let deviation = centred.squared().mean(over: axes, keepingDimensions: true).squareRoot()
    return centred / (deviation + Double(settings.eps))
  }

  /// scale x / √(Σ x² + ε) over a sample, or over the channels of a position.
  ///
  /// - Source: Liu et al. 2016, arXiv:1506.04579.
  private static func unitLength(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.normParam
    let rank = value.shape.rank
    try call.require(rank >= 2, "expects channels, got \(value.type)")
    let axes = settings.acrossSpatial ? Array(1..<rank) : [1]
    let squares = value.squared().sum(over: axes, keepingDimensions: true)
    let scale = try call.blob(0, settings.channelShared ? [1] : [try call.fixed(value, 1)])
    let scales = settings.channelShared ? scale : scale.alongChannels(rank: rank)
    return value / (squares + Double(settings.eps)).squareRoot() * scales
  }
}
