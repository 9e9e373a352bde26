import Programs
import Tensors

/// Operators of ONNX Runtime on quantised values: the real operator between dequantising its inputs
/// and quantising its result.
///
/// - Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
enum QuantizedElementwiseOperators {
  static let all: [ONNXOperator] = [
    binary("QLinearAdd") { $0 + $1 },
    binary("QLinearMul") { $0 * $1 },
    unary("QLinearSigmoid") { _, value in value.logistic() },
    unary("QLinearLeakyRelu") { call, value in
      value.leakyRelu(slope: try call.float("alpha", default: 0.01))
    },
    linear("QLinearGlobalAveragePool") { call, value in
      try call.requireChannelsFirst()
      return try call.applying("GlobalAveragePool", to: [value])
    },
    linear("QLinearAveragePool") { call, value in
      try call.requireChannelsFirst()
      return try call.applying("AveragePool", to: [value])
    },
    unary("QLinearSoftmax") { call, value in
      try call.require(
        call.int("opset", default: 13) >= 13, "only the softmax of opset 13 on is supported")
      return value.softmax(
        axis: try call.axis(call.int("axis", default: -1), rank: value.shape.rank))
    },
    ONNXOperator("QLinearConcat", domain: microsoft, lower: concatenation),
  ]

  private static let microsoft = "com.microsoft"

  /// Inputs (x, scale, zero point), scale and zero point of the result.
  private static func unary(
    _ name: String, _ function: @escaping @Sendable (ONNXCall, Value) throws -> Value
  ) -> ONNXOperator {
    ONNXOperator(name, domain: microsoft) { call in
      let value = try call.dequantized(0)
      let result = try call.quantization(scale: 3, zeroPoint: 4, type: call.operand(0).type)
      return [try result.quantized(function(call, value), for: call)]
    }
  }

  /// A linear function, of the whole numbers themselves: their sums are exact, so that halves are.
  private static func linear(
    _ name: String, _ function: @escaping @Sendable (ONNXCall, Value) throws -> Value
  ) -> ONNXOperator {
    ONNXOperator(name, domain: microsoft) { call in
      let own = try call.quantization(scale: 1, zeroPoint: 2)
      let result = try call.quantization(scale: 3, zeroPoint: 4, type: call.operand(0).type)
      let value = try function(call, own.centred(call.input(0)))
      return [try result.quantized(ratio: value * (own.scale / result.scale), for: call)]
    }
  }

  /// Inputs (a, scale, zero point), (b, scale, zero point), scale and zero point of the result.
  private static func binary(
    _ name: String, _ function: @escaping @Sendable (Value, Value) -> Value
  ) -> ONNXOperator {
    ONNXOperator(name, domain: microsoft) { call in
      let value = function(try call.dequantized(0), try call.dequantized(3))
      let result = try call.quantization(scale: 6, zeroPoint: 7, type: call.operand(0).type)
      return [try result.quantized(value, for: call)]
    }
  }

  /// Inputs scale and zero point of the result, then (x, scale, zero point) for each part.
  private static func concatenation(_ call: ONNXCall) throws -> [Operand?] {
    try call.require(
      call.inputs.count >= 5 && call.inputs.count % 3 == 2,
      "has \(call.inputs.count) inputs, not two and three for each part")
    let parts = try stride(from: 2, to: call.inputs.count, by: 3).map { try call.dequantized($0) }
    let axis = try call.axis(call.requiredInt("axis"), rank: parts[0].shape.rank)
    let result = try call.quantization(scale: 0, zeroPoint: 1, type: call.operand(2).type)
    return [try result.quantized(Value.concatenated(parts, axis: axis), for: call)]
  }
}

extension ONNXCall {
  /// An input that its scale and its zero point follow, as real numbers.
  fileprivate func dequantized(_ index: Int) throws -> Value {
    try quantization(scale: index + 1, zeroPoint: index + 2).dequantized(input(index))
  }

  fileprivate func requireChannelsFirst() throws {
    try require(
      !flag("channels_last"), "'channels_last' is not supported; export with channels first")
  }
}
