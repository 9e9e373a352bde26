import Foundation
import Programs
import Tensors

/// Operators on the bits of integers, by arithmetic; and bits read as another type.
enum BitOperators {
  static let all: [ONNXOperator] = [
    .value("BitwiseNot") { call in
      let operand = try call.operand(0)
      try call.requireInteger(operand)
      return (-operand.value - 1).wrapped(to: operand.type, from: .int64)
    },
    .value("BitwiseAnd") { call in try call.commonBits().common },
    .value("BitwiseOr") { call in
      let (left, right, common) = try call.commonBits()
      return left + (right - common)
    },
    .value("BitwiseXor") { call in
      let (left, right, common) = try call.commonBits()
      return (left - common) + (right - common)
    },
    .value("BitShift", lower: shift),
  ]

  /// A shift to the right keeps the sign; one by no number of bits of the type leaves nothing else.
  private static func shift(_ call: ONNXCall) throws -> Value {
    let (operand, by) = try (call.operand(0), call.operand(1))
    try call.requireInteger(operand)
    let value = operand.value.converted(to: .int64)
    let count = by.value.converted(to: .int64)
    let direction = try call.string("direction", default: "")
    if direction == "LEFT" {
      return (value * value.scalar(2).power(count)).wrapped(to: operand.type, from: .int64)
    }
    try call.require(direction == "RIGHT", "there is no direction '\(direction)' of a shift")
    let zero = count.scalar(0)
    let last = count.scalar(Double((operand.type.bitCount ?? 64) - 1))
    let isValid = zero.compare(.lessOrEqual, count).and(count.compare(.lessOrEqual, last))
    let distance = isValid.select(count, last)
    var shifted = value.shifted(right: distance)
    if operand.type == .uint64 {
      // What is stored as a negative number is halved first, and then is none.
      let isNegative = value.compare(.less, value.scalar(0))
      let half = value.shifted(right: value.scalar(1)) - call.constant(.lowest)
      let rest = half.shifted(right: (distance - 1).maximum(zero))
      let large = distance.compare(.equal, zero).select(value, rest)
      shifted = isNegative.select(large, shifted)
    }
    if operand.type.isUnsigned { shifted = isValid.select(shifted, value.scalar(0)) }
    return shifted.converted(to: operand.value.elementType)
  }
}

extension Value {
  /// ⌊x / 2ᵏ⌋ for k from 0 to 63, in two steps whose powers are positive numbers.
  fileprivate func shifted(right count: Value) -> Value {
    let first = count / 2
    return [first, count - first].reduce(self) { value, count in
      let power = value.scalar(2).power(count)
      return (value - value.remainder(power)) / power
    }
  }
}

extension ONNXCall {
  fileprivate func requireInteger(_ operand: Operand) throws {
    try require(
      operand.type.bitCount != nil && !operand.value.elementType.isFloatingPoint,
      "works on the bits of integers, got \(operand.value.type)")
  }

  /// Both inputs and the bits that they share: Σ 2ⁱ aᵢ bᵢ.
  fileprivate func commonBits() throws -> (left: Value, right: Value, common: Value) {
    let (first, second) = try (operand(0), operand(1))
    try requireInteger(first)
    try requireInteger(second)
    var (left, right) = (first.value.converted(to: .int64), second.value.converted(to: .int64))
    let two = left.scalar(2)
    var common = left.scalar(0)
    for bit in 0..<(first.type.bitCount ?? 64) {
      let (low, other) = (left.remainder(two), right.remainder(two))
      let weight = builder.constant(Tensor([Int64(1) << Int64(bit)], shape: []))
      common = common + low * other * weight
      // Exact, and toward negative infinity, as a shift of the sign would be.
      (left, right) = ((left - low) / 2, (right - other) / 2)
    }
    return (
      first.value, second.value, common.wrapped(to: first.type, from: .int64)
    )
  }

  /// The bits of numbers under another type of the same size.
  func bitCast(to type: ONNXElementType) throws -> Operand {
    let source = try operand(0)
    let sizes = (source.type.byteCount, type.byteCount)
    try require(
      sizes.0 != nil && sizes.0 == sizes.1,
      "reads \(source.type) as \(type), which is of another size")
    if source.type.bitCount != nil || source.type == .bool, type.bitCount != nil,
      !source.value.elementType.isFloatingPoint
    {
      return Operand(source.value.wrapped(to: type, from: source.type), type)
    }
    return Operand(constant(try tensor(0).reinterpreted(source.type, as: type, in: self)), type)
  }
}

extension Tensor {
  fileprivate func reinterpreted(
    _ source: ONNXElementType, as type: ONNXElementType, in call: ONNXCall
  ) throws -> Tensor {
    switch (source, type) {
    case (.float, .int32):
      return Tensor(floats.map { Int32(bitPattern: $0.bitPattern) }, shape: shape)
    case (.float, .uint32):
      return Tensor(floats.map { Int64($0.bitPattern) }, shape: shape)
    case (.int32, .float), (.uint32, .float):
      return Tensor(
        converted(to: .int64).scalars(of: Int64.self).map {
          Float(bitPattern: UInt32(truncatingIfNeeded: $0))
        }, shape: shape)
    case (.double, .int64), (.double, .uint64):
      return Tensor(
        scalars(of: Double.self).map { Int64(bitPattern: $0.bitPattern) }, shape: shape)
    case (.int64, .double), (.uint64, .double):
      return Tensor(
        scalars(of: Int64.self).map { Double(bitPattern: UInt64(bitPattern: $0)) }, shape: shape)
    default: throw call.error("reads the bits of \(source) as \(type), which is not supported")
    }
  }
}
