import Programs
import Tensors

/// The elements as the reference kernels compute with them: doubles, or 64-bit integers.
extension Tensor {
  /// The elements in double precision.
  var reals: [Double] {
    switch elementType {
    case .float64: scalars(of: Double.self)
    case .float32: withUnsafeScalars(of: Float.self) { $0.map { Double($0) } }
    default: doubles
    }
  }

  /// The elements of an integer tensor; bools are 0 and 1.
  var integers: [Int64] {
    switch elementType {
    case .int64: scalars(of: Int64.self)
    case .int32: withUnsafeScalars(of: Int32.self) { $0.map { Int64($0) } }
    case .uint8: withUnsafeScalars(of: UInt8.self) { $0.map { Int64($0) } }
    case .bool: withUnsafeScalars(of: Bool.self) { $0.map { $0 ? 1 : 0 } }
    case .float32, .float64: preconditionFailure("expected integers, got \(elementType)")
    }
  }

  /// Doubles rounded to a type's elements.
  init(reals: [Double], _ type: ValueType) {
    switch type.elementType {
    case .float64: self.init(reals, shape: type.shape)
    case .float32: self.init(reals.map { Float($0) }, shape: type.shape)
    default: self = Tensor(reals, shape: type.shape).converted(to: type.elementType)
    }
  }

  /// Integers wrapped around to a type's elements; a bool is whether the integer is not 0.
  init(integers: [Int64], _ type: ValueType) {
    switch type.elementType {
    case .int64: self.init(integers, shape: type.shape)
    case .int32: self.init(integers.map { Int32(truncatingIfNeeded: $0) }, shape: type.shape)
    case .uint8: self.init(integers.map { UInt8(truncatingIfNeeded: $0) }, shape: type.shape)
    case .bool: self.init(integers.map { $0 != 0 }, shape: type.shape)
    case .float32, .float64: preconditionFailure("expected integers, got \(type)")
    }
  }

  /// The type of the tensor as a value of a program.
  var type: ValueType { ValueType(elementType, shape) }
}

extension Shape {
  /// The numbers of elements before, along and after an axis.
  func split(at axis: Int) -> (outer: Int, count: Int, inner: Int) {
    (
      dimensions[..<axis].reduce(1, *), dimensions[axis],
      dimensions[(axis + 1)...].reduce(1, *)
    )
  }
}
