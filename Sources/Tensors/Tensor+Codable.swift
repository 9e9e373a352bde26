package import Foundation

extension CodingUserInfoKey {
  /// Set to true for encoders of large files: tensors are then packed where that makes them smaller.
  package static let packsTensors = CodingUserInfoKey(rawValue: "packs tensors")
}

/// Type, shape and the little-endian bytes in base 64: for the small constants of programs, and
/// for records; there the bytes may be packed by zlib (RFC 1950).
extension Tensor: Codable {
  private enum CodingKeys: CodingKey { case elementType, shape, bytes, deflated }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let elementType = try container.decode(ElementType.self, forKey: .elementType)
    let shape = try container.decode(Shape.self, forKey: .shape)
    var count = elementType.byteCount
    for dimension in shape.dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else {
        throw DecodingError.dataCorruptedError(
          forKey: .shape, in: container, debugDescription: "impossible shape \(shape)")
      }
      count = product
    }
    let bytes = try Self.bytes(in: container, count: count)
    guard bytes.count == count else {
      throw DecodingError.dataCorruptedError(
        forKey: .bytes, in: container,
        debugDescription: "expected \(count) bytes for \(elementType)\(shape), got \(bytes.count)")
    }
    self.init(bytes: bytes, shape: shape, elementType: elementType)
  }

  private static func bytes(
    in container: KeyedDecodingContainer<CodingKeys>, count: Int
  ) throws -> Data {
    guard let packed = try container.decodeIfPresent(Data.self, forKey: .deflated) else {
      return try container.decode(Data.self, forKey: .bytes)
    }
    guard let bytes = DeflatedBytes.inflated(packed, count: count) else {
      throw DecodingError.dataCorruptedError(
        forKey: .deflated, in: container, debugDescription: "expected \(count) bytes, packed")
    }
    return bytes
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(elementType, forKey: .elementType)
    try container.encode(shape, forKey: .shape)
    let data = Data(bytes)
    let packs = CodingUserInfoKey.packsTensors.map { encoder.userInfo[$0] as? Bool ?? false }
    if packs == true, let packed = DeflatedBytes.deflated(data) {
      try container.encode(packed, forKey: .deflated)
    } else {
      try container.encode(data, forKey: .bytes)
    }
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
