import Tensors

/// The element types of TensorFlow, and how Assay represents them.
///
/// - Source: tensorflow/core/framework/types.proto.
enum TensorFlowType: Int32, Hashable, Sendable {
  case float = 1
  case double = 2
  case int32 = 3
  case uint8 = 4
  case int16 = 5
  case int8 = 6
  case string = 7
  case complex64 = 8
  case int64 = 9
  case bool = 10
  case bfloat16 = 14
  case uint16 = 17
  case complex128 = 18
  case half = 19
  case resource = 20
  case variant = 21
  case uint32 = 22
  case uint64 = 23

  /// The type that holds every value of this one; nil if none does.
  ///
  /// Shapes are int32 in TensorFlow: as int64 they have room for multiples of the batch size.
  var representation: ElementType? {
    switch self {
    case .float, .half, .bfloat16: .float32
    case .double: .float64
    case .uint8: .uint8
    case .int8, .int16, .uint16, .int32, .int64, .uint32, .uint64: .int64
    case .bool: .bool
    case .string, .complex64, .complex128, .resource, .variant: nil
    }
  }

  /// The size of an element in bytes; nil where Assay reads none.
  var byteCount: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .uint16, .half, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .double, .int64, .uint64: 8
    case .string, .complex64, .complex128, .resource, .variant: nil
    }
  }

  /// The name of a type that a file states, known or not.
  static func name(_ number: Int32) -> String {
    TensorFlowType(rawValue: number).map { "\($0)" } ?? "type \(number)"
  }

  /// The element type for a number of a file; nil if Assay has none.
  static func representation(_ number: Int32) -> ElementType? {
    TensorFlowType(rawValue: number)?.representation
  }
}
