import Foundation

/// The entries of a sorted table of strings, the format of a checkpoint's index.
///
///     blocks…  metaindex  index  footer: two handles, padding to 40 bytes, the magic number
///     block:   entries…  restarts (uint32 each)  their count (uint32)  compression (1)  crc (4)
///     entry:   shared, unshared, value length (varints)  unshared key bytes  value
///
/// - Source: https://github.com/google/leveldb/blob/main/doc/table_format.md
struct StringTable {
  private(set) var entries: [String: Data] = [:]

  private static let magic: UInt64 = 0xDB47_7524_8B80_FB57
  private static let footerLength = 48
  /// An index may not unfold to much more than its bytes: keys share what precedes them.
  private static let largestKeyBytes = 1 << 28

  /// - Throws: `InterchangeError.Fact` if the bytes are no such table, or are compressed.
  init(_ bytes: Data) throws {
    let bytes = bytes[...]
    guard bytes.count >= Self.footerLength else { throw Self.damaged("it is too short") }
    var footer = TableReader(bytes.suffix(Self.footerLength))
    guard bytes.suffix(8).reversed().reduce(UInt64(0), { $0 << 8 | UInt64($1) }) == Self.magic
    else {
      throw Self.damaged("it does not end as one")
    }
    _ = try BlockHandle(&footer)
    let index = try BlockHandle(&footer)
    var keyBytes = 0
    for (_, value) in try Self.block(index, in: bytes) {
      var reader = TableReader(value)
      for (key, value) in try Self.block(BlockHandle(&reader), in: bytes) {
        keyBytes += key.count
        guard keyBytes <= Self.largestKeyBytes else { throw Self.damaged("its keys are too long") }
        entries[String(decoding: key, as: UTF8.self)] = value
      }
    }
  }

  private static func block(
    _ handle: BlockHandle, in bytes: Data
  ) throws -> [(key: [UInt8], value: Data)] {
    let trailer = 5
    guard handle.offset <= bytes.count, handle.size <= bytes.count - handle.offset - trailer,
      handle.size >= 4
    else { throw damaged("a block lies outside of it") }
    let start = bytes.startIndex + handle.offset
    let block = bytes[start..<start + handle.size]
    guard bytes[block.endIndex] == 0 else {
      throw InterchangeError.Fact.unsupported(
        format: "TensorFlow",
        ["a compressed index of variables: save the model again with TensorFlow 2"])
    }
    let count = block.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count <= block.count / 4 - 1 else { throw damaged("a block counts too many restarts") }
    var reader = TableReader(block.dropLast(4 * (count + 1)))
    var entries: [(key: [UInt8], value: Data)] = []
    var key: [UInt8] = []
    var keyBytes = 0
    while !reader.isAtEnd {
      let (shared, unshared, length) = try (reader.number(), reader.number(), reader.number())
      guard shared <= key.count else { throw damaged("a key shares more than there is") }
      key = Array(key.prefix(shared)) + [UInt8](try reader.bytes(unshared))
      keyBytes += key.count
      guard keyBytes <= largestKeyBytes else { throw damaged("its keys are too long") }
      entries.append((key, try reader.bytes(length)))
    }
    return entries
  }

  static func damaged(_ reason: String) -> InterchangeError.Fact {
    .damaged(format: "TensorFlow", "variables.index is no table of variables: \(reason)")
  }
}

/// Where a block lies.
private struct BlockHandle {
  let offset: Int
  let size: Int

  init(_ reader: inout TableReader) throws {
    offset = try reader.number()
    size = try reader.number()
  }
}

/// Reads varints and bytes, checking that they are there.
struct TableReader {
  private var rest: Data

  init(_ bytes: Data) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  /// A number of seven bits a byte, the lowest first.
  ///
  /// - Throws: `InterchangeError.Fact` if it is cut off or larger than any file.
  mutating func number() throws -> Int {
    var result = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      guard let byte = rest.popFirst() else { throw StringTable.damaged("it is cut off") }
      result |= Int(byte & 127) << shift
      if byte < 128 { return result }
    }
    throw StringTable.damaged("a number is too large")
  }

  mutating func bytes(_ count: Int) throws -> Data {
    guard count <= rest.count else { throw StringTable.damaged("it is cut off") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
