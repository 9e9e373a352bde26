/// The type of a tensor's elements.
public enum ElementType: String, Hashable, Sendable, Codable, CaseIterable {
  case float32, float64, int64, int32, uint8, bool

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .uint8, .bool: 1
    }
  }

  /// Whether the elements are floating-point numbers, so that derivatives exist.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

/// A Swift type that a tensor can hold.
public protocol TensorScalar: Hashable, Sendable {
  /// The element type that stands for this Swift type.
  static var elementType: ElementType { get }
  /// The nearest value: integers truncate toward zero and saturate, booleans are `value != 0`.
  init(nearest value: Double)
  /// The value in double precision; exact except for 64-bit integers beyond 2⁵³.
  var double: Double { get }
}

extension Float: TensorScalar {
  public static var elementType: ElementType { .float32 }
  public init(nearest value: Double) { self = Float(value) }
  public var double: Double { Double(self) }
}

extension Double: TensorScalar {
  public static var elementType: ElementType { .float64 }
  public init(nearest value: Double) { self = value }
  public var double: Double { self }
}

extension TensorScalar where Self: FixedWidthInteger {
  public init(nearest value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= Double(Self.max) {
      self = .max
    } else {
      self = value <= Double(Self.min) ? .min : Self(value)
    }
  }
  public var double: Double { Double(self) }
}

extension Int64: TensorScalar { public static var elementType: ElementType { .int64 } }
extension Int32: TensorScalar { public static var elementType: ElementType { .int32 } }
extension UInt8: TensorScalar { public static var elementType: ElementType { .uint8 } }

extension Bool: TensorScalar {
  public static var elementType: ElementType { .bool }
  public init(nearest value: Double) { self = value != 0 }
  public var double: Double { self ? 1 : 0 }
}

extension ElementType {
  /// Calls `body` with the Swift type that stands for this element type.
  package func dispatch<Result>(
    _ body: (any TensorScalar.Type) throws -> Result
  ) rethrows -> Result {
    switch self {
    case .float32: try body(Float.self)
    case .float64: try body(Double.self)
    case .int64: try body(Int64.self)
    case .int32: try body(Int32.self)
    case .uint8: try body(UInt8.self)
    case .bool: try body(Bool.self)
    }
  }
}
