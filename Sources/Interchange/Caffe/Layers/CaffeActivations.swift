import Foundation
import Programs
import Tensors

/// Layers that compute each element by itself.
///
/// - Source: https://caffe.berkeleyvision.org/tutorial/layers.html
enum CaffeActivations {
  static let all: [CaffeLayer] = [
    .each("ReLU") { call, value in
      let slope = Double(call.layer.reluParam.negativeSlope)
      return slope == 0 ? value.relu() : value.leakyRelu(slope: slope)
    },
    .value("PReLU", lower: parametricRelu),
    .each("ELU") { call, value in value.elu(alpha: Double(call.layer.eluParam.alpha)) },
    .each("Sigmoid") { call, value in call.tracer.logistic(value) },
    .each("TanH") { _, value in value.hyperbolicTangent() },
    .each("AbsVal") { _, value in value.absoluteValue() },
    .each("BNLL") { _, value in value.softplus() },
    .each("Swish") { call, value in
      value * (value * Double(call.layer.swishParam.beta)).logistic()
    },
    .each("Clip") { call, value in
      let settings = call.layer.clipParam
      return value.clamped(
        from: value.scalar(Double(settings.min)), to: value.scalar(Double(settings.max)))
    },
    .each("Power", lower: power),
    .each("Exp", lower: exponential),
    .each("Log", lower: logarithm),
    .each("Threshold") { call, value in
      call.tracer.markGradientless("Threshold")
      return value.isGreater(than: value.scalar(Double(call.layer.thresholdParam.threshold)))
    },
    .each("Dropout") { _, value in value },
  ]

  /// max(x, 0) + a min(x, 0), with a slope a for each channel or one for all.
  private static func parametricRelu(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    try call.require(value.shape.rank >= 2, "expects channels, got \(value.type)")
    let isShared = call.layer.preluParam.channelShared
    let slope = try call.blob(0, isShared ? [1] : [try call.fixed(value, 1)])
    let slopes = isShared ? slope : slope.alongChannels(rank: value.shape.rank)
    return value.compare(.less, value.scalar(0)).select(value * slopes, value)
  }

  /// (shift + scale x)^power.
  private static func power(_ call: CaffeCall, _ value: Value) -> Value {
    let settings = call.layer.powerParam
    let base = affine(value, scale: settings.scale, shift: settings.shift)
    switch settings.power {
    case 1: return base
    case 2: return base.squared()
    default: return base.power(base.scalar(Double(settings.power)))
    }
  }

  /// base^(shift + scale x); a base of −1 stands for e.
  private static func exponential(_ call: CaffeCall, _ value: Value) throws -> Value {
    let settings = call.layer.expParam
    let exponent = affine(value, scale: settings.scale, shift: settings.shift)
    let rate = try rate(of: settings.base, call)
    return (rate == 1 ? exponent : exponent * rate).exponential()
  }

  /// The logarithm of shift + scale x to a base; −1 stands for e.
  private static func logarithm(_ call: CaffeCall, _ value: Value) throws -> Value {
    let settings = call.layer.logParam
    let result = affine(value, scale: settings.scale, shift: settings.shift).logarithm()
    let rate = try rate(of: settings.base, call)
    return rate == 1 ? result : result / rate
  }

  private static func rate(of base: Float, _ call: CaffeCall) throws -> Double {
    guard base != -1 else { return 1 }
    try call.require(base > 0, "the base \(base) is not positive")
    return log(Double(base))
  }

  private static func affine(_ value: Value, scale: Float, shift: Float) -> Value {
    let scaled = scale == 1 ? value : value * Double(scale)
    return shift == 0 ? scaled : scaled + Double(shift)
  }
}
