import Foundation

/// A place in a file from which numbers are read, never beyond the file's end.
struct HDF5Cursor {
  private let bytes: Data
  private(set) var position: Int
  private let end: Int

  /// - Throws: `InterchangeError.Fact` if the range does not lie in the file.
  init(_ bytes: Data, at position: Int, count: Int? = nil) throws {
    guard (0...bytes.count).contains(position), (0...bytes.count - position).contains(count ?? 0)
    else { throw Self.cutOff }
    self.bytes = bytes
    self.position = position
    end = count.map { position + $0 } ?? bytes.count
  }

  static var cutOff: InterchangeError.Fact { HDF5File.damaged("it is cut off or damaged") }

  var remaining: Int { end - position }

  mutating func skip(_ count: Int) throws { _ = try take(count) }

  mutating func take(_ count: Int) throws -> Data {
    guard (0...remaining).contains(count) else { throw Self.cutOff }
    defer { position += count }
    let start = bytes.startIndex + position
    return bytes[start..<start + count]
  }

  /// A number of so many bytes, the lowest first, that is not too large to be a place or a size.
  mutating func number(_ byteCount: Int) throws -> Int {
    let value = try take(byteCount).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: value) else { throw Self.cutOff }
    return number
  }

  /// A place in the file; nil if it is marked as undefined.
  mutating func address() throws -> Int? {
    let value = try take(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return value == .max ? nil : Int(clamping: value)
  }

  /// Checks the letters with which a part of a file begins.
  mutating func expect(_ letters: String) throws {
    guard try take(letters.utf8.count).elementsEqual(letters.utf8) else { throw Self.cutOff }
  }

  /// Text up to the first zero.
  mutating func text(_ count: Int) throws -> String {
    String(decoding: try take(count).prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Skips to a multiple of eight bytes from a place.
  mutating func align(from start: Int) throws { try skip((8 - (position - start) % 8) % 8) }
}
