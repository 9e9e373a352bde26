/// Reads little-endian numbers from bytes, checking that they are there.
struct LittleEndianReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  var remaining: Int { bytes.endIndex - position }

  /// The next number, nil past the end.
  mutating func next<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type) -> Number? {
    let size = Number.bitWidth / 8
    guard let slice = nextBytes(size) else { return nil }
    return slice.reversed().reduce(0) { $0 << 8 | Number($1) }
  }

  /// The next bytes, nil past the end.
  mutating func nextBytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }
}

extension [UInt8] {
  /// Appends a number, lowest byte first.
  mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }
}
