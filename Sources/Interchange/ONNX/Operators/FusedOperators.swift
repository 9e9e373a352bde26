import Programs
import Tensors

/// Operators of ONNX Runtime that its optimiser makes of several of the standard's.
///
/// - Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
enum FusedOperators {
  static let all: [ONNXOperator] = [
    .value("FusedMatMul", domain: microsoft, lower: product),
    .value("Gelu", domain: microsoft) { try $0.real(0).gelu() },
    .value("BiasGelu", domain: microsoft) { try ($0.real(0) + $0.real(1)).gelu() },
    .value("FastGelu", domain: microsoft) { call in
      let value = try call.real(0)
      return (call.optionalInput(1).map { value + $0 } ?? value).geluApproximation()
    },
    .value("QuickGelu", domain: microsoft) { call in
      let value = try call.real(0)
      return value * (value * (try call.float("alpha", default: 1.702))).logistic()
    },
    ONNXOperator("SkipLayerNormalization", domain: microsoft) { call in
      let sum = try skipped(call, bias: 4)
      let rank = sum.shape.rank
      let centred = sum - sum.mean(over: [rank - 1], keepingDimensions: true)
      return try normalized(call, sum, centred, shift: call.optionalInput(3))
    },
    ONNXOperator("SkipSimplifiedLayerNormalization", domain: microsoft) { call in
      let sum = try skipped(call, bias: 3)
      return try normalized(call, sum, sum, shift: nil)
    },
  ]

  private static let microsoft = "com.microsoft"

  /// α A B, with the last two axes of either exchanged before.
  private static func product(_ call: ONNXCall) throws -> Value {
    try call.require(
      !call.flag("transBatchA") && !call.flag("transBatchB"),
      "'transBatchA' and 'transBatchB' are not supported; run ONNX Runtime's optimiser at level 1")
    let (left, right) = try (call.real(0), call.real(1))
    try call.require(
      left.shape.rank >= 2 && right.shape.rank >= 2,
      "multiplies \(left.type) by \(right.type), not matrices")
    let product = left.matrixMultiplied(
      by: right, transposeLeft: try call.flag("transA"),
      transposeRight: try call.flag("transB"))
    return product * (try call.float("alpha", default: 1))
  }

  /// The sum of the input, what skipped a layer, and a bias.
  private static func skipped(_ call: ONNXCall, bias: Int) throws -> Value {
    let sum = try call.real(0) + call.real(1)
    return call.optionalInput(bias).map { sum + $0 } ?? sum
  }

  /// x / √(mean x² + ε) · gamma + shift over the last axis; the fourth output is the sum itself.
  private static func normalized(
    _ call: ONNXCall, _ sum: Value, _ centred: Value, shift: Value?
  ) throws -> [Operand?] {
    let axis = centred.shape.rank - 1
    let power = centred.squared().mean(over: [axis], keepingDimensions: true)
    let epsilon = try call.float("epsilon", default: 1e-12)
    let scaled = centred / (power + epsilon).squareRoot() * (try call.real(2))
    return [
      Operand(shift.map { scaled + $0 } ?? scaled, like: call), nil, nil,
      Operand(sum, like: call),
    ]
  }
}
