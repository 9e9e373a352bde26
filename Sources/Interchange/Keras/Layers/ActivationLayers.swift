import Programs
import Tensors

/// Layers that are a function of each element, or of the elements along an axis.
enum ActivationLayers {
  static let all: [KerasLayerKind] = [
    .stepwise("Activation") { try $0.activated($0.real()) },
    .stepwise("ReLU", lower: rectified),
    .stepwise("LeakyReLU") { call in
      // The setting was called alpha before Keras 3.
      let slope =
        try call.configuration.number("negative_slope")
        ?? call.configuration.number("alpha", default: 0.3)
      return try call.real().elementwise { $0.leakyRelu(slope: slope) }
    },
    .stepwise("ELU") { call in
      let alpha = try call.configuration.number("alpha", default: 1)
      return try call.real().elementwise { $0.elu(alpha: alpha) }
    },
    .stepwise("ThresholdedReLU") { call in
      let theta = try call.configuration.number("theta", default: 1)
      return try call.real().elementwise {
        $0.compare(.lessOrEqual, $0.scalar(theta)).select($0.scalar(0), $0)
      }
    },
    .stepwise("PReLU") { call in
      let (value, slope) = try (call.real(), call.weight(0, "alpha"))
      return value.compare(.less, value.scalar(0)).select(value * slope, value)
    },
    .stepwise("Softmax", lower: softmax),
  ]

  /// A kink at a threshold t, with a slope below it and a largest value above.
  ///
  ///     x ≥ t: min(x, largest),  x < t: slope (x − t)
  private static func rectified(_ call: KerasCall) throws -> Value {
    let configuration = call.configuration
    let largest = try configuration.number("max_value")
    let slope = try configuration.number("negative_slope", default: 0)
    let threshold = try configuration.number("threshold", default: 0)
    return try call.real().elementwise { value in
      if slope == 0, threshold == 0 {
        let positive = value.relu()
        return largest.map { positive.minimum(value.scalar($0)) } ?? positive
      }
      let above = largest.map { value.minimum(value.scalar($0)) } ?? value
      let isBelow = value.compare(
        threshold == 0 ? .less : .lessOrEqual, value.scalar(threshold))
      return isBelow.select((value - threshold) * slope, above)
    }
  }

  private static func softmax(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    let axes = try (call.configuration.integers("axis") ?? [-1]).map {
      try call.axis($0, rank: value.shape.rank)
    }
    try call.require(call.inputs.count == 1, "takes no mask as an input")
    if axes.count == 1 { return call.tracer.softmax(value, axis: axes[0]) }
    try call.require(Set(axes).count == axes.count, "the axes \(axes) repeat")
    let shifted = value - value.maximum(over: axes, keepingDimensions: true).stoppingGradient()
    let exponentials = shifted.exponential()
    return exponentials / exponentials.sum(over: axes, keepingDimensions: true)
  }
}
