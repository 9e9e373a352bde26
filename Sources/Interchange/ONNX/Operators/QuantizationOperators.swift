import Programs
import Tensors

/// From real numbers to whole ones and back.
enum QuantizationOperators {
  static let all: [ONNXOperator] =
    ["", "com.microsoft"].flatMap { domain in
      [
        ONNXOperator("QuantizeLinear", domain: domain, lower: quantize),
        ONNXOperator("DequantizeLinear", domain: domain, lower: dequantize),
      ]
    } + [ONNXOperator("DynamicQuantizeLinear", since: 11, lower: dynamicQuantize)]

  /// The division is one of float32 numbers also where the file asks for fewer digits, so that
  /// ratios beside a half may round differently there.
  private static func quantize(_ call: ONNXCall) throws -> [Operand?] {
    let stated = try call.int("output_dtype", default: 0)
    let output = stated == 0 ? nil : ONNXElementType(rawValue: Int32(clamping: stated))
    try call.require(
      stated == 0 || output != nil, "quantises to \(ONNXElementType.name(Int32(clamping: stated)))")
    let scale = try call.real(1)
    let value = try call.input(0).converted(to: scale.elementType)
    let quantization = try call.quantization(of: value, type: output ?? .uint8)
    try call.require(
      output == nil || output == quantization.type,
      "output_dtype is \(stated), but the zero point is \(quantization.type)")
    return [try quantization.quantized(value, for: call)]
  }

  private static func dequantize(_ call: ONNXCall) throws -> [Operand?] {
    let operand = try call.operand(0)
    let quantization = try call.quantization(of: operand.value, type: operand.type)
    let result = quantization.dequantized(operand.value)
    let stated = try call.int("output_dtype", default: 0)
    guard stated != 0 else { return [Operand(result, try call.operand(1).type)] }
    guard let type = ONNXElementType(rawValue: Int32(clamping: stated)), type.isFloatingPoint,
      let elementType = type.representation
    else {
      throw call.error("dequantises to \(ONNXElementType.name(Int32(clamping: stated)))")
    }
    return [Operand(result.converted(to: elementType), type)]
  }

  /// The range is that of the values themselves, 0 included.
  ///
  ///     scale = (max(x, 0) − min(x, 0)) / 255, zero point = round(−min(x, 0) / scale)
  ///
  /// Scale and zero point are constants to derivatives. Where all numbers are 0 the scale is 1/255.
  private static func dynamicQuantize(_ call: ONNXCall) throws -> [Operand?] {
    let value = try call.real(0)
    if value.shape.isSymbolic {
      call.tracer.note(
        "DynamicQuantizeLinear takes its range from all samples of a batch together: a sample's "
          + "outputs depend on the others.")
    }
    let axes = Array(0..<value.shape.rank)
    let zero = value.scalar(0)
    let highest = value.maximum(over: axes).maximum(zero)
    let lowest = -(-value).maximum(over: axes).maximum(zero)
    let width = highest - lowest
    let scale = (width.compare(.equal, zero).select(value.scalar(1), width) / 255)
      .stoppingGradient()
    let point = (-lowest / scale).clamped(from: zero, to: value.scalar(255)).rounded()
      .stoppingGradient()
    let quantization = Quantization(scale: scale, zeroPoint: point, type: .uint8)
    return [
      try quantization.quantized(value, for: call), Operand(scale, like: call),
      Operand(point, .uint8),
    ]
  }
}
