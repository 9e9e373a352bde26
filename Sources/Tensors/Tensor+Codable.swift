package import Foundation

/// Type, shape and the little-endian bytes in base 64: for the small constants of programs.
extension Tensor: Codable {
  private enum CodingKeys: CodingKey { case elementType, shape, bytes }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let elementType = try container.decode(ElementType.self, forKey: .elementType)
    let shape = try container.decode(Shape.self, forKey: .shape)
    let bytes = try container.decode(Data.self, forKey: .bytes)
    var count = elementType.byteCount
    for dimension in shape.dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else {
        throw DecodingError.dataCorruptedError(
          forKey: .shape, in: container, debugDescription: "impossible shape \(shape)")
      }
      count = product
    }
    guard bytes.count == count else {
      throw DecodingError.dataCorruptedError(
        forKey: .bytes, in: container,
        debugDescription: "expected \(count) bytes for \(elementType)\(shape), got \(bytes.count)")
    }
    self.init(bytes: bytes, shape: shape, elementType: elementType)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(elementType, forKey: .elementType)
    try container.encode(shape, forKey: .shape)
    try container.encode(Data(bytes), forKey: .bytes)
  }

  /// A tensor of the given little-endian bytes.
  ///
  /// - Precondition: there are as many as the shape needs.
  package init(bytes: some DataProtocol, shape: Shape, elementType: ElementType) {
    precondition(
      bytes.count == shape.count * elementType.byteCount,
      "expected \(shape.count * elementType.byteCount) bytes, got \(bytes.count)")
    self.init(
      storage: TensorStorage(uninitializedByteCount: bytes.count), shape: shape,
      elementType: elementType)
    bytes.copyBytes(
      to: UnsafeMutableRawBufferPointer(start: storage.pointer, count: bytes.count))
    guard elementType == .bool else { return }
    // A Bool whose byte is neither 0 nor 1 would be undefined behaviour.
    let flags = storage.pointer.assumingMemoryBound(to: UInt8.self)
    for index in 0..<bytes.count { flags[index] = flags[index] == 0 ? 0 : 1 }
  }
}
