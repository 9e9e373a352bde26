import Programs
import Tensors

/// Functions of one element.
enum TensorFlowFunctions {
  static let all: [TensorFlowOperator] =
    activations + [
      .value("Exp") { try $0.real(0).exponential() },
      .value("Expm1") { try $0.real(0).exponential() - 1 },
      .value("Log") { try $0.real(0).logarithm() },
      .value("Log1p") { try $0.real(0).logarithmOnePlus() },
      .value("Sqrt") { try $0.real(0).squareRoot() },
      .value("Rsqrt") { call in try 1 / call.real(0).squareRoot() },
      .value("Square") { try $0.input(0).squared() },
      .value("Neg") { try -$0.input(0) },
      .value("Abs") { try $0.input(0).absoluteValue() },
      .value("Sign") { try $0.input(0).sign() },
      .value("Floor") { try $0.real(0).floor() },
      .value("Ceil") { try $0.real(0).ceiling() },
      .value("Round") { try $0.input(0).rounded() },
      .value("Rint") { try $0.real(0).rounded() },
      .value("Reciprocal") { call in try 1 / call.real(0) },
      .value("Inv") { call in try 1 / call.real(0) },
      .value("Sin") { try $0.real(0).sine() },
      .value("Cos") { try $0.real(0).cosine() },
      .value("Atan") { try $0.real(0).arctangent() },
      .value("Erf") { try $0.real(0).errorFunction() },
      .value("Erfc") { call in try 1 - call.real(0).errorFunction() },
      .value("Cast") { call in try call.input(0).converted(to: call.type("DstT")) },
    ]

  private static let activations: [TensorFlowOperator] = [
    .value("Relu") { try $0.real(0).relu() },
    .value("Relu6") { call in
      let value = try call.real(0)
      return value.clamped(from: value.scalar(0), to: value.scalar(6))
    },
    .value("LeakyRelu") { try $0.real(0).leakyRelu(slope: $0.float("alpha", default: 0.2)) },
    .value("Elu") { try $0.real(0).elu() },
    .value("Selu") { try $0.real(0).selu() },
    .value("Softplus") { try $0.real(0).softplus() },
    .value("Softsign") { try $0.real(0).softsign() },
    .value("Tanh") { try $0.real(0).hyperbolicTangent() },
    .value("Sigmoid") { try $0.tracer.logistic($0.real(0)) },
    .value("Softmax") { call in
      let value = try call.real(0)
      try call.require(value.shape.rank >= 1, "expects at least one axis")
      return call.tracer.softmax(value, axis: value.shape.rank - 1)
    },
    .value("LogSoftmax") { call in
      let value = try call.real(0)
      try call.require(value.shape.rank >= 1, "expects at least one axis")
      return call.tracer.logSoftmax(value, axis: value.shape.rank - 1)
    },
  ]
}
