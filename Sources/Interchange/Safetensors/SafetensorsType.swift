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
    case .i16:
      Tensor(HalfPrecision.words(bytes).map { Int32(Int16(bitPattern: $0)) }, shape: shape)
    case .bf16:
      Tensor(HalfPrecision.words(bytes).map(HalfPrecision.float(bfloat16:)), shape: shape)
    case .f16:
      Tensor(HalfPrecision.words(bytes).map(HalfPrecision.float(binary16:)), shape: shape)
    }
  }
}
