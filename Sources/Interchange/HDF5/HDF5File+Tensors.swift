import Foundation
import Tensors

extension HDF5File {
  /// The numbers of a data set: floats of two bytes become float32, whole numbers the nearest type
  /// that loses nothing.
  ///
  /// - Throws: `InterchangeError.Fact`, before memory is taken for numbers that are not there.
  func tensor(_ path: String) throws -> Tensor {
    guard let header = try header(of: path) else {
      throw Self.damaged("there is no data set '\(path)'")
    }
    guard var layout = try header.contents(.layout), var type = try header.contents(.type),
      var space = try header.contents(.space)
    else { throw Self.damaged("'\(path)' is no data set") }
    guard header[.externalFiles] == nil else {
      throw Self.unsupported("the numbers of '\(path)' lie in other files")
    }
    let elements = try HDF5Type(&type)
    guard elements.elementType != nil else {
      throw Self.unsupported("the data set '\(path)' does not hold numbers of a known type")
    }
    let extent = try HDF5Space(&space)
    let data = try data(&layout, header, elements, extent, path)
    return elements.tensor(data, shape: extent.shape)
  }

  /// The bytes of all elements.
  private func data(
    _ layout: inout HDF5Cursor, _ header: HDF5Header, _ type: HDF5Type, _ space: HDF5Space,
    _ path: String
  ) throws -> Data {
    let tooShort = Self.damaged(
      "the file is too short for the data set '\(path)' of shape \(space.shape)")
    let (total, overflow) = space.count.multipliedReportingOverflow(by: type.size)
    guard !overflow else { throw tooShort }
    let version = try layout.number(1)
    let kind = try layout.number(1)
    switch (version, kind) {
    case (3...4, 0):
      guard try layout.number(2) >= total else { throw tooShort }
      return try layout.take(total)
    case (3...4, 1):
      let address = try layout.address()
      guard try layout.number(8) >= total, total == 0 || address != nil,
        total <= bytes.count - min(address ?? 0, bytes.count)
      else { throw tooShort }
      var cursor = try HDF5Cursor(bytes, at: total == 0 ? 0 : address ?? 0)
      return try cursor.take(total)
    case (3, 2):
      let blocks = try HDF5Blocks(self, &layout, header.contents(.filters), space.shape, type.size)
      // Deflate expands at most 1032 times.
      guard total <= 1032 * min(blocks.storedCount, bytes.count) else { throw tooShort }
      return try blocks.data(total)
    default:
      throw Self.unsupported(
        "the data set '\(path)' is stored in a way that is not supported (\(version), \(kind))")
    }
  }
}

extension HDF5Type {
  /// A tensor of elements that lie one after the other.
  ///
  /// - Precondition: The type is one of numbers, and the bytes are those of the whole shape.
  func tensor(_ bytes: Data, shape: Shape) -> Tensor {
    func numbers<Bits: FixedWidthInteger, Scalar: TensorScalar>(
      _ isBigEndian: Bool, _ convert: (Bits) -> Scalar
    ) -> Tensor {
      let size = MemoryLayout<Bits>.size
      let scalars = bytes.withUnsafeBytes { source in
        (0..<source.count / size).map { index in
          let bits = source.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
          return convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
        }
      }
      return Tensor(scalars, shape: shape)
    }
    switch self {
    case .float(2, let order):
      return numbers(order) { HalfPrecision.float(binary16: $0) }
    case .float(4, let order): return numbers(order) { Float(bitPattern: $0) }
    case .float(_, let order): return numbers(order) { Double(bitPattern: $0) }
    case .brainFloat: return numbers(false) { HalfPrecision.float(bfloat16: $0) }
    case .integer(1, true, let order): return numbers(order) { (bits: Int8) in Int32(bits) }
    case .integer(1, false, let order): return numbers(order) { (bits: UInt8) in bits }
    case .integer(2, true, let order): return numbers(order) { (bits: Int16) in Int32(bits) }
    case .integer(2, false, let order): return numbers(order) { (bits: UInt16) in Int32(bits) }
    case .integer(4, true, let order): return numbers(order) { (bits: Int32) in bits }
    case .integer(4, false, let order): return numbers(order) { (bits: UInt32) in Int64(bits) }
    case .integer(_, _, let order): return numbers(order) { (bits: Int64) in bits }
    case .fixedText, .text, .other: preconditionFailure("\(self) is no type of numbers")
    }
  }
}
