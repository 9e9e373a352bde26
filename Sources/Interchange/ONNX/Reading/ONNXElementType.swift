import Tensors

/// The element types of ONNX, and how Assay represents them.
///
/// - Source: https://onnx.ai/onnx/repo-docs/IR.html, TensorProto.DataType.
enum ONNXElementType: Int32, Hashable, Sendable {
  case float = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case string = 8
  case bool = 9
  case float16 = 10
  case double = 11
  case uint32 = 12
  case uint64 = 13
  case complex64 = 14
  case complex128 = 15
  case bfloat16 = 16
  case float8e4m3fn = 17
  case float8e4m3fnuz = 18
  case float8e5m2 = 19
  case float8e5m2fnuz = 20
  case uint4 = 21
  case int4 = 22
  case float4e2m1 = 23
  case float8e8m0 = 24
  case uint2 = 25
  case int2 = 26

  /// The type that holds every value of this one; nil if none does.
  var representation: ElementType? {
    switch self {
    case .float, .float16, .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2,
      .float8e5m2fnuz, .float4e2m1, .float8e8m0:
      .float32
    case .double: .float64
    case .uint8: .uint8
    case .int8, .int16, .uint16, .int32, .int4, .uint4, .int2, .uint2: .int32
    case .int64, .uint32, .uint64: .int64
    case .bool: .bool
    case .string, .complex64, .complex128: nil
    }
  }

  /// The size of an element in raw data; nil where elements are packed or have no fixed size.
  var byteCount: Int? {
    switch self {
    case .uint8, .int8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz,
      .float8e8m0:
      1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .double, .int64, .uint64: 8
    default: nil
    }
  }

  /// The smallest and the largest value of an integer type.
  var integerRange: ClosedRange<Double>? {
    switch self {
    case .uint8: 0...255
    case .int8: -128...127
    case .uint16: 0...65535
    case .int16: -32768...32767
    case .int32: -2_147_483_648...2_147_483_647
    case .uint32: 0...4_294_967_295
    case .int4: -8...7
    case .uint4: 0...15
    case .int2: -2...1
    case .uint2: 0...3
    case .int64: -0x1p63...0x1p63
    case .uint64: 0...0x1p64
    default: nil
    }
  }

  var isFloatingPoint: Bool {
    switch representation {
    case .float32, .float64: true
    default: false
    }
  }

  /// The type of values that Assay itself represents like this.
  init(_ type: ElementType) {
    switch type {
    case .float32: self = .float
    case .float64: self = .double
    case .int64: self = .int64
    case .int32: self = .int32
    case .uint8: self = .uint8
    case .bool: self = .bool
    }
  }

  /// The name of a type that a file states, known or not.
  static func name(_ number: Int32) -> String {
    ONNXElementType(rawValue: number).map { "\($0)" } ?? "type \(number)"
  }
}
