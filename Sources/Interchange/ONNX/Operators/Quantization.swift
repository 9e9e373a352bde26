import Programs
import Tensors

/// How real numbers x become whole ones: q = saturate(round(x / scale) + zero point).
///
/// Halves round to the even number. The whole numbers are real values, so that derivatives pass:
///
///     r = clamp(x / scale, lowest − zero point, highest − zero point)
///     q = r + stop(round(r) − r) + zero point
///
/// Both differences are exact in float32. The derivative is 1 / scale within the range, 0 outside,
/// and half of it exactly at an end of the range.
///
/// - Source: https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html; Bengio et al. 2013,
///   arXiv:1308.3432, for the straight-through derivative.
struct Quantization {
  let scale: Value
  /// Nil for 0.
  let zeroPoint: Value?
  /// The type of the whole numbers.
  let type: ONNXElementType

  func quantized(_ value: Value, for call: ONNXCall) throws -> Operand {
    try quantized(ratio: value / scale, for: call)
  }

  /// Rounds x / scale, which is given.
  func quantized(ratio: Value, for call: ONNXCall) throws -> Operand {
    guard let range = type.integerRange else {
      throw call.error("quantises to \(type), which is no type of whole numbers")
    }
    let (lowest, highest) = (ratio.scalar(range.lowerBound), ratio.scalar(range.upperBound))
    let zero = zeroPoint?.converted(to: ratio.elementType)
    let bounded = ratio.clamped(
      from: zero.map { lowest - $0 } ?? lowest, to: zero.map { highest - $0 } ?? highest)
    let whole = bounded + (bounded.rounded() - bounded).stoppingGradient()
    call.tracer.markStraightThrough(call.node.opType)
    return Operand(zero.map { whole + $0 } ?? whole, type)
  }

  /// (q − zero point) · scale.
  func dequantized(_ value: Value) -> Value {
    centred(value) * scale
  }

  /// q − zero point, of the scale's element type.
  func centred(_ value: Value) -> Value {
    let real = value.converted(to: scale.elementType)
    guard let zeroPoint else { return real }
    return real - zeroPoint.converted(to: scale.elementType)
  }
}

extension ONNXCall {
  /// A scale and a zero point for the whole of a value, by the numbers of their inputs.
  ///
  /// The zero point may be left out; `type` is that of the whole numbers then.
  func quantization(
    scale: Int, zeroPoint: Int, type: ONNXElementType = .uint8
  ) throws -> Quantization {
    let step = try real(scale)
    let zero = has(zeroPoint) ? try operand(zeroPoint) : nil
    for value in [step, zero?.value].compactMap({ $0 }) {
      try require(
        value.shape.count == 1, "a scale or zero point has type \(value.type), not one number")
    }
    return Quantization(
      scale: step.reshaped(to: []), zeroPoint: zero?.value.reshaped(to: []),
      type: zero?.type ?? type)
  }

  /// A scale and a zero point along an axis, or for blocks of it, repeated as far as broadcasting
  /// with the value needs.
  ///
  /// The zero point may be left out; `type` is that of the whole numbers then.
  func quantization(of value: Value, type: ONNXElementType) throws -> Quantization {
    let zero = has(2) ? try operand(2) : nil
    let scale = try real(1)
    if let zero {
      try require(
        zero.value.shape.count == scale.shape.count,
        "the scale \(scale.type) and the zero point \(zero.value.type) differ in shape")
    }
    return Quantization(
      scale: try spread(scale, over: value),
      zeroPoint: try zero.map { try spread($0.value, over: value) },
      type: zero?.type ?? type)
  }

  /// A scalar, a vector along the attribute's axis, or an entry for each block of it.
  private func spread(_ parameter: Value, over value: Value) throws -> Value {
    if parameter.shape.count == 1 { return parameter.reshaped(to: []) }
    let rank = value.shape.rank
    let axis = try self.axis(int("axis", default: 1), rank: rank)
    let size = value.shape[axis]
    if parameter.shape.rank == 1 {
      try require(
        parameter.shape[0] == size,
        "\(parameter.type) does not fit axis \(axis) of \(value.type)")
      return parameter.reshaped(to: Shape((0..<rank).map { $0 == axis ? size : 1 }))
    }
    let block = try int("block_size", default: 0)
    var expected = value.shape.dimensions
    expected[axis] = block > 0 && !Shape.isSymbolic(size) ? (size + block - 1) / block : -1
    try require(
      parameter.shape.dimensions == expected,
      "\(parameter.type) does not fit \(value.type) in blocks of \(block) along axis \(axis)")
    return parameter.repeated(block, axis: axis).slice(axis: axis, 0..<size)
  }

  /// An operator of the standard, applied within the lowering of another, whose attributes it takes.
  func applying(_ name: String, to inputs: [Value?]) throws -> Value {
    var inner = node
    (inner.opType, inner.domain) = (name, "")
    let version = scope.opset(of: "") ?? ONNXFile.opsets.upperBound
    guard let found = ONNXRegistry.standard.lowering(of: inner, opset: version) else {
      throw error("needs the operator \(name), which is not supported")
    }
    let results = try found.lower(
      ONNXCall(
        node: inner, opset: version, inputs: inputs.map { $0.map { Operand($0) } },
        lowering: lowering, scope: scope))
    guard let result = results.first ?? nil else { throw error("\(name) gives no result") }
    return result.value
  }
}
