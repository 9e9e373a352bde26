import Programs
import Tensors

/// Changes of the element type.
enum CastOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("Cast", since: 1) { call in
      guard let name = try call.optionalString("to") else {
        return [try call.cast(to: try call.type(call.requiredInt("to")))]
      }
      guard let type = ONNXElementType(name: name) else {
        throw call.error("there is no element type '\(name)'")
      }
      return [try call.cast(to: type)]
    },
    ONNXOperator("Cast", since: 6) { call in
      [try call.cast(to: try call.type(call.requiredInt("to")))]
    },
    ONNXOperator("CastLike") { call in [try call.cast(to: call.operand(1).type)] },
    ONNXOperator("BitCast") { call in
      [try call.bitCast(to: try call.type(call.requiredInt("to")))]
    },
  ]
}

extension ONNXElementType {
  /// The type that the first version of the operators names: "FLOAT16".
  fileprivate init?(name: String) {
    let found = (1...16).lazy.compactMap { ONNXElementType(rawValue: $0) }
      .first { "\($0)".uppercased() == name }
    guard let found else { return nil }
    self = found
  }

  var isUnsigned: Bool { integerRange?.lowerBound == 0 }

  /// The bits of an integer type.
  var bitCount: Int? {
    switch self {
    case .uint8, .int8: 8
    case .uint16, .int16: 16
    case .uint32, .int32: 32
    case .uint64, .int64: 64
    case .uint4, .int4: 4
    case .uint2, .int2: 2
    default: nil
    }
  }
}

extension ONNXCall {
  /// An element type by its number.
  func type(_ number: Int) throws -> ONNXElementType {
    guard let number = Int32(exactly: number), let type = ONNXElementType(rawValue: number) else {
      throw error("there is no element type \(number)")
    }
    return type
  }

  fileprivate func cast(to type: ONNXElementType) throws -> Operand {
    let source = try operand(0)
    guard type != source.type else { return source }
    return Operand(try source.value(as: type, in: self), type)
  }

  /// The overflow of a cast to a format; the attribute matters to those of eight bits only.
  fileprivate func overflow(of type: ONNXElementType) throws -> FloatOverflow {
    switch type {
    case .float16, .bfloat16: .infinity
    case .float4e2m1: .largest
    case .float8e5m2: try flag("saturate", default: true) ? .largest : .infinity
    default: try flag("saturate", default: true) ? .largest : .notANumber
    }
  }
}

extension Operand {
  /// The numbers in another type: fractions are cut off, integers wrap around.
  fileprivate func value(as type: ONNXElementType, in call: ONNXCall) throws -> Value {
    if let format = type.floatFormat {
      let overflow = try call.overflow(of: type)
      if value.elementType.isFloatingPoint, format.precision < 8 {
        call.tracer.markStraightThrough(call.node.opType)
      }
      return real.rounded(to: format, overflow: overflow)
    }
    switch type {
    case .float: return real.converted(to: .float32)
    case .double: return real.converted(to: .float64)
    case .bool: return value.converted(to: .bool)
    case .float8e8m0:
      return real.roundedToScale(
        mode: try call.string("round_mode", default: "up"),
        saturates: try call.flag("saturate", default: true))
    case .string, .complex64, .complex128:
      throw call.error("casts to \(type), which Assay does not compute")
    default: return integer(type)
    }
  }

  /// The numbers as real ones: those of uint64 are stored as the integers of the same bits.
  private var real: Value {
    guard type == .uint64, value.elementType == .int64 else {
      return value.elementType.isFloatingPoint ? value : value.converted(to: .float64)
    }
    let signed = value.converted(to: .float64)
    return signed.compare(.less, signed.scalar(0)).select(signed + 0x1p64, signed)
  }

  private func integer(_ target: ONNXElementType) -> Value {
    guard value.elementType.isFloatingPoint else {
      return value.wrapped(to: target, from: type)
    }
    if target == .uint64 {
      let wide = value.converted(to: .float64)
      let half = wide.scalar(0x1p63)
      let upper = (wide - half).converted(to: .int64) + wide.builder.constant(.lowest)
      return half.compare(.lessOrEqual, wide).select(upper, wide.converted(to: .int64))
    }
    if target == .int32 || target == .int64 {
      return value.converted(to: target.representation ?? .int64)
    }
    return value.converted(to: .int64).wrapped(to: target, from: .int64)
  }
}

extension Tensor {
  /// The lowest number of int64, whose bits are those of 2⁶³.
  static var lowest: Tensor { Tensor([Int64.min], shape: []) }
}

extension Value {
  /// Integers modulo 2ᵇ, b being the bits of a type, in its range and representation.
  func wrapped(to target: ONNXElementType, from source: ONNXElementType) -> Value {
    let type = target.representation ?? .int64
    guard let bits = target.bitCount, bits < 64, elementType != .bool else {
      return converted(to: type)
    }
    if let range = source.integerRange, let whole = target.integerRange,
      whole.lowerBound <= range.lowerBound, range.upperBound <= whole.upperBound
    {
      return converted(to: type)
    }
    let wide = converted(to: .int64)
    let modulus = FloatFormat.power(bits)
    let offset = target.isUnsigned ? 0 : modulus / 2
    return ((wide + offset).remainder(wide.scalar(modulus)) - offset).converted(to: type)
  }
}
