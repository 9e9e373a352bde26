import Programs
import Tensors

/// Products of quantised values: sums of whole numbers, rounded once to the scale of the result.
///
/// The sums are float32 numbers: those of 8-bit numbers are exact up to 2²⁴, which 258 products of
/// the largest factors reach. Beyond, a sum may be off by half a unit in its last place, and a
/// result by 1 if it lies beside a half. The bias is rounded in the same way.
enum QuantizedProductOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("QLinearMatMul", since: 10, lower: matrices),
    ONNXOperator("QLinearConv", since: 10, lower: convolution),
    ONNXOperator("QLinearConv", domain: "com.microsoft", lower: convolution),
    ONNXOperator("QGemm", domain: "com.microsoft", lower: linear),
  ]

  /// Inputs (a, scale, zero point), (b, scale, zero point), scale and zero point of the result;
  /// those of a may have an entry for each row, those of b for each column.
  private static func matrices(_ call: ONNXCall) throws -> [Operand?] {
    let first = try call.factor(0, along: -2)
    let second = try call.factor(3, along: -1)
    let result = try call.quantization(
      scale: 6, zeroPoint: 7, type: call.operand(0).type)
    let sums = first.numbers.matrixMultiplied(by: second.numbers)
    let ratio = sums * (first.scale * second.scale / result.scale)
    return [try result.quantized(ratio: ratio, for: call)]
  }

  /// Inputs (x, scale, zero point), (w, scale, zero point), scale and zero point of the result, and
  /// a bias of scale x · w; those of w may have an entry for each output channel.
  private static func convolution(_ call: ONNXCall) throws -> [Operand?] {
    try call.require(
      !call.flag("channels_last"), "'channels_last' is not supported; export with channels first")
    let input = try call.factor(0, along: nil)
    let kernel = try call.factor(3, along: 0)
    let result = try call.quantization(scale: 6, zeroPoint: 7, type: call.operand(0).type)
    let bias = call.optionalInput(8)?.converted(to: input.scale.elementType)
    let sums = try call.applying("Conv", to: [input.numbers, kernel.numbers, bias])
    let rank = sums.shape.rank
    let scale =
      input.scale
      * kernel.scale.reshaped(
        to: kernel.scale.shape.count == 1
          ? [] : Shape([kernel.scale.shape.count] + Array(repeating: 1, count: rank - 2)))
    return [try result.quantized(ratio: sums * (scale / result.scale), for: call)]
  }

  /// α A B + C with a C of scale α a b; real numbers where no scale of the result is given.
  private static func linear(_ call: ONNXCall) throws -> [Operand?] {
    let first = try call.factor(0, along: nil)
    let second = try call.factor(3, along: call.flag("transB") ? 0 : -1)
    let product = first.numbers.matrixMultiplied(
      by: second.numbers, transposeLeft: try call.flag("transA"),
      transposeRight: try call.flag("transB"))
    let sums = call.optionalInput(6).map { product + $0.converted(to: product.elementType) }
    let columns = second.scale.reshaped(
      to: second.scale.shape.count == 1 ? [] : [second.scale.shape.count])
    let scale = first.scale * columns * (try call.float("alpha", default: 1))
    guard call.has(7) else { return [Operand((sums ?? product) * scale)] }
    let result = try call.quantization(scale: 7, zeroPoint: 8, type: call.operand(0).type)
    return [try result.quantized(ratio: (sums ?? product) * (scale / result.scale), for: call)]
  }
}

extension ONNXCall {
  /// A factor without its zero point, and its scale; a vector of them lies along an axis.
  fileprivate func factor(_ index: Int, along axis: Int?) throws -> (numbers: Value, scale: Value) {
    let (value, scale) = try (input(index), real(index + 1))
    let zero = optionalInput(index + 2)
    func placed(_ parameter: Value) throws -> Value {
      if parameter.shape.count == 1 { return parameter.reshaped(to: []) }
      guard parameter.shape.rank == 1, let axis else { return parameter }
      let rank = value.shape.rank
      let place = try self.axis(axis, rank: rank)
      return parameter.reshaped(
        to: Shape((place..<rank).map { $0 == place ? parameter.shape[0] : 1 }))
    }
    let quantization = Quantization(
      scale: try placed(scale), zeroPoint: try zero.map(placed), type: try operand(index).type)
    return (quantization.centred(value), quantization.scale)
  }
}
