import Programs
import Tensors

/// Activation functions of one element.
enum ActivationOperators {
  static let all: [ONNXOperator] = rectifiers + smooth + SoftmaxOperators.all

  private static let rectifiers: [ONNXOperator] = [
    .value("Relu") { call in
      let value = try call.input(0)
      return value.elementType.isFloatingPoint ? value.relu() : value.maximum(value.scalar(0))
    },
    .value("LeakyRelu") { call in
      try call.real(0).leakyRelu(slope: call.float("alpha", default: 0.01))
    },
    .value("ThresholdedRelu") { call in
      let value = try call.real(0)
      let threshold = value.scalar(try call.float("alpha", default: 1))
      return threshold.compare(.less, value).select(value, value.scalar(0))
    },
    .value("Shrink", lower: shrink),
    .value("HardSigmoid") { call in
      try call.real(0).hardSigmoid(
        slope: call.float("alpha", default: 0.2), offset: call.float("beta", default: 0.5))
    },
    .value("HardSwish") { try $0.real(0).hardSwish() },
    .value("Softsign") { try $0.real(0).softsign() },
  ]

  private static let smooth: [ONNXOperator] = [
    .value("Sigmoid") { call in try call.tracer.logistic(call.real(0)) },
    .value("Elu") { call in try call.real(0).elu(alpha: call.float("alpha", default: 1)) },
    .value("Selu") { call in
      try call.real(0).elu(alpha: call.float("alpha", default: 1.673_263_2))
        * call.float("gamma", default: 1.050_701)
    },
    .value("Celu") { call in
      let alpha = try call.float("alpha", default: 1)
      try call.require(alpha != 0, "the attribute 'alpha' is 0")
      let value = try call.real(0)
      let negative = (value.minimum(value.scalar(0)) / alpha).exponential() - 1
      return value.compare(.less, value.scalar(0)).select(negative * alpha, value)
    },
    .value("Gelu") { call in
      switch try call.string("approximate", default: "none") {
      case "none": return try call.real(0).gelu()
      case "tanh": return try call.real(0).geluApproximation()
      case let other: throw call.error("there is no approximation '\(other)'")
      }
    },
    .value("Softplus") { try $0.real(0).softplus() },
    .value("Swish") { call in try call.real(0).swish(slope: call.float("alpha", default: 1)) },
    .value("Mish") { try $0.real(0).mish() },
    .value("SwiGLU") { call in
      try call.real(0).swish(slope: call.float("alpha", default: 1)) * call.real(1)
    },
  ]

  /// x + bias below −λ, x − bias above λ, and 0 between.
  private static func shrink(_ call: ONNXCall) throws -> Value {
    let input = try call.input(0)
    let value = input.elementType.isFloatingPoint ? input : input.converted(to: .float64)
    let bias = try call.float("bias", default: 0)
    let threshold = value.scalar(try call.float("lambd", default: 0.5))
    let below = value.compare(.less, -threshold).select(value + bias, value.scalar(0))
    let result = threshold.compare(.less, value).select(value - bias, below)
    return result.converted(to: input.elementType)
  }
}

extension Value {
  /// The function x / (1 + e^(−slope x)).
  func swish(slope: Double) -> Value {
    slope == 1 ? swish() : self * (self * slope).logistic()
  }
}
