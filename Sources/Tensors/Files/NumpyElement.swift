/// The type of a NumPy array's elements as its file states it.
struct NumpyElement: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case float, signed, unsigned, bool }

  let kind: Kind
  let byteCount: Int
  let isBigEndian: Bool

  /// Reads a type such as `<f4` or `|u1`; nil if no tensor can hold it.
  init?(_ description: String) {
    let characters = Array(description)
    guard characters.count >= 2, let byteCount = Int(String(characters.dropFirst(2))) else {
      return nil
    }
    switch characters[0] {
    case "<", "|", "=": isBigEndian = false
    case ">": isBigEndian = true
    default: return nil
    }
    switch (characters[1], byteCount) {
    case ("f", 2), ("f", 4), ("f", 8): kind = .float
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): kind = .signed
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8): kind = .unsigned
    case ("b", 1): kind = .bool
    default: return nil
    }
    self.byteCount = byteCount
  }

  /// The nearest element type that loses nothing.
  var elementType: ElementType {
    switch (kind, byteCount) {
    case (.float, 8): .float64
    case (.float, _): .float32
    case (.bool, _): .bool
    case (.unsigned, 1): .uint8
    case (.unsigned, 4), (.unsigned, 8), (.signed, 8): .int64
    default: .int32
    }
  }

  /// The type under which a tensor's elements are written.
  static func description(of type: ElementType) -> String {
    switch type {
    case .float32: "<f4"
    case .float64: "<f8"
    case .int64: "<i8"
    case .int32: "<i4"
    case .uint8: "|u1"
    case .bool: "|b1"
    }
  }

  /// Converts stored elements into a tensor's.
  ///
  /// - Throws: `UInt64` too large for int64, as the closed error of this leaf.
  func convert(
    _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(IntegerTooLarge) {
    switch (kind, byteCount) {
    case (.float, 2): copy(bytes, target, UInt16.self) { Float(Float16(bitPattern: $0)) }
    case (.float, 4): copy(bytes, target, UInt32.self) { $0 }
    case (.float, _): copy(bytes, target, UInt64.self) { $0 }
    case (.bool, _): copy(bytes, target, UInt8.self) { $0 == 0 ? 0 as UInt8 : 1 }
    case (.unsigned, 1): copy(bytes, target, UInt8.self) { $0 }
    case (.unsigned, 2): copy(bytes, target, UInt16.self) { Int32($0) }
    case (.unsigned, 4): copy(bytes, target, UInt32.self) { Int64($0) }
    case (.unsigned, _):
      var largest: UInt64 = 0
      copy(bytes, target, UInt64.self) { (value: UInt64) -> UInt64 in
        largest = max(largest, value)
        return value
      }
      if largest > Int64.max { throw IntegerTooLarge(value: largest) }
    case (.signed, 1): copy(bytes, target, UInt8.self) { Int32(Int8(bitPattern: $0)) }
    case (.signed, 2): copy(bytes, target, UInt16.self) { Int32(Int16(bitPattern: $0)) }
    case (.signed, 4): copy(bytes, target, UInt32.self) { $0 }
    case (.signed, _): copy(bytes, target, UInt64.self) { $0 }
    }
  }

  struct IntegerTooLarge: Error { let value: UInt64 }

  private func copy<Stored: FixedWidthInteger, Element>(
    _ bytes: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer,
    _ type: Stored.Type, _ convert: (Stored) -> Element
  ) {
    let size = MemoryLayout<Stored>.size
    let elementSize = MemoryLayout<Element>.size
    for index in 0..<bytes.count / size {
      let stored = bytes.loadUnaligned(fromByteOffset: index * size, as: Stored.self)
      let value = isBigEndian ? Stored(bigEndian: stored) : Stored(littleEndian: stored)
      target.storeBytes(of: convert(value), toByteOffset: index * elementSize, as: Element.self)
    }
  }
}
