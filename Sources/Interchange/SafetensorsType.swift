import Foundation
import Tensors

/// The element types of safetensors files.
enum SafetensorsType: String, Codable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u8 = "U8"
  case bool = "BOOL"

  init(_ type: ElementType) {
    switch type {
    case .float64: self = .f64
    case .float32: self = .f32
    case .int64: self = .i64
    case .int32: self = .i32
    case .uint8: self = .u8
    case .bool: self = .bool
    }
  }

  var byteCount: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .i16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// A tensor of these bytes: half-precision numbers become float32, small integers int32.
  func tensor(_ bytes: Data, shape: Shape) throws(InterchangeError.Fact) -> Tensor {
    switch self {
    case .f64: Tensor(bytes: bytes, shape: shape, elementType: .float64)
    case .f32: Tensor(bytes: bytes, shape: shape, elementType: .float32)
    case .i64: Tensor(bytes: bytes, shape: shape, elementType: .int64)
    case .i32: Tensor(bytes: bytes, shape: shape, elementType: .int32)
    case .u8: Tensor(bytes: bytes, shape: shape, elementType: .uint8)
    case .bool: Tensor(bytes: bytes, shape: shape, elementType: .bool)
    case .i8: Tensor(bytes.map { Int32(Int8(bitPattern: $0)) }, shape: shape)
    case .i16: Tensor(Self.halves(bytes).map { Int32(Int16(bitPattern: $0)) }, shape: shape)
    case .bf16:
      Tensor(Self.halves(bytes).map { Float(bitPattern: UInt32($0) << 16) }, shape: shape)
    case .f16: Tensor(Self.halves(bytes).map(Self.float), shape: shape)
    }
  }

  private static func halves(_ bytes: Data) -> [UInt16] {
    let bytes = [UInt8](bytes)
    return stride(from: 0, to: bytes.count, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }

  /// The value of a half-precision number (IEEE 754 binary16), which Float16 lacks on some hosts.
  private static func float(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return Float(
        sign: bits >> 15 == 0 ? .plus : .minus, exponent: exponent - 15,
        significand: 1 + fraction / 1024)
    }
  }
}
