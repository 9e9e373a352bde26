/// An n-dimensional array: a value, row-major, copied on write.
public struct Tensor: Sendable {
  public let elementType: ElementType
  public private(set) var shape: Shape
  package private(set) var storage: TensorStorage

  /// A tensor of zeros.
  public init(zeros shape: Shape, elementType: ElementType = .float32) {
    self.elementType = elementType
    self.shape = shape
    storage = TensorStorage(byteCount: shape.count * elementType.byteCount)
  }

  /// A tensor over memory that holds its elements, or will before they are read.
  package init(storage: TensorStorage, shape: Shape, elementType: ElementType) {
    self.elementType = elementType
    self.shape = shape
    self.storage = storage
  }

  /// A tensor of the given scalars in row-major order.
  public init<Scalar: TensorScalar>(_ scalars: [Scalar], shape: Shape) {
    precondition(
      scalars.count == shape.count,
      "expected \(shape.count) scalars for shape \(shape), got \(scalars.count)")
    self.init(zeros: shape, elementType: Scalar.elementType)
    scalars.withUnsafeBytes {
      if let base = $0.baseAddress { storage.pointer.copyMemory(from: base, byteCount: $0.count) }
    }
  }

  /// A vector.
  public init<Scalar: TensorScalar>(_ scalars: [Scalar]) {
    self.init(scalars, shape: [scalars.count])
  }

  /// A tensor whose elements all have one value.
  public init(repeating value: Double, shape: Shape, elementType: ElementType = .float32) {
    self.init(zeros: shape, elementType: elementType)
    func fill<Scalar: TensorScalar>(_ type: Scalar.Type) {
      withUnsafeMutableScalars(of: type) { $0.update(repeating: Scalar(nearest: value)) }
    }
    elementType.dispatch { fill($0) }
  }

  /// A scalar.
  public init(_ value: Double, elementType: ElementType = .float32) {
    self.init(repeating: value, shape: [], elementType: elementType)
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// Calls `body` with the elements.
  ///
  /// - Precondition: `type` is the tensor's element type.
  public func withUnsafeScalars<Scalar: TensorScalar, Result>(
    of type: Scalar.Type, _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    expect(type)
    let start = UnsafePointer(storage.pointer.assumingMemoryBound(to: Scalar.self))
    return try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: start, count: count))
    }
  }

  /// Calls `body` with the elements for writing, after copying shared memory.
  ///
  /// - Precondition: `type` is the tensor's element type.
  public mutating func withUnsafeMutableScalars<Scalar: TensorScalar, Result>(
    of type: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    expect(type)
    if !isKnownUniquelyReferenced(&storage) { storage = TensorStorage(copying: storage) }
    let start = storage.pointer.assumingMemoryBound(to: Scalar.self)
    return try body(UnsafeMutableBufferPointer(start: start, count: count))
  }

  /// The elements in row-major order.
  ///
  /// - Precondition: `type` is the tensor's element type.
  public func scalars<Scalar: TensorScalar>(of type: Scalar.Type) -> [Scalar] {
    withUnsafeScalars(of: type) { Array($0) }
  }

  /// The elements in double precision, whatever their type.
  public var doubles: [Double] {
    func read<Scalar: TensorScalar>(_ type: Scalar.Type) -> [Double] {
      withUnsafeScalars(of: type) { $0.map(\.double) }
    }
    return elementType.dispatch { read($0) }
  }

  /// The float32 elements.
  public var floats: [Float] { scalars(of: Float.self) }

  /// The elements as another type; floating-point values truncate toward zero to integers.
  public func converted(to type: ElementType) -> Tensor {
    guard type != elementType else { return self }
    func convert<From: TensorScalar>(_ from: From.Type) -> Tensor {
      func write<To: TensorScalar>(_ to: To.Type) -> Tensor {
        withUnsafeScalars(of: from) { source in
          Tensor(source.map { To(nearest: $0.double) }, shape: shape)
        }
      }
      return type.dispatch { write($0) }
    }
    return elementType.dispatch { convert($0) }
  }

  /// The same elements under another shape of as many.
  public func reshaped(to shape: Shape) -> Tensor {
    precondition(
      shape.count == count, "expected a shape of \(count) elements, got \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  private func expect(_ type: any TensorScalar.Type) {
    precondition(
      type.elementType == elementType, "expected \(elementType), got \(type.elementType)")
  }
}

extension Tensor: Hashable {
  /// Whether type, shape and every byte agree: NaN equals itself, 0 and −0 differ.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    guard left.elementType == right.elementType, left.shape == right.shape else { return false }
    return left.storage === right.storage || left.bytes.elementsEqual(right.bytes)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(elementType)
    hasher.combine(shape)
    // A prefix is enough to spread tensors over buckets; equality reads every byte.
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes.prefix(1024)))
  }

  /// The memory of the elements, valid while the tensor lives.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: storage.pointer, count: count * elementType.byteCount)
  }

  /// What tells tensors apart that do not share their memory; valid while the tensor lives.
  package typealias Identity = ObjectIdentifier

  package var identity: Identity { ObjectIdentifier(storage) }
}
