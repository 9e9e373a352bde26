import Foundation

/// What a file says of one object: messages, each of a kind.
struct HDF5Header {
  enum Kind: Int {
    case space = 1
    case linkInformation = 2
    case type = 3
    case link = 6
    case externalFiles = 7
    case layout = 8
    case filters = 11
    case attribute = 12
    case continuation = 16
    case symbolTable = 17
    case attributeInformation = 21
  }

  struct Message {
    var kind: Kind
    /// Where the contents begin, and how long they are.
    var position: Int
    var count: Int
    /// Whether the contents are a pointer to where they really lie.
    var isShared: Bool
  }

  let bytes: Data
  private(set) var messages: [Message] = []
  /// More blocks than a header is spread over.
  private static let largestBlockCount = 4096

  /// - Throws: `InterchangeError.Fact`.
  init(_ bytes: Data, at address: Int) throws {
    self.bytes = bytes
    var cursor = try HDF5Cursor(bytes, at: address)
    var blocks: [(position: Int, count: Int)]
    let isOld = try cursor.number(1) == 1
    var flags = 0
    if isOld {
      try cursor.skip(7)
      let count = try cursor.number(4)
      blocks = [(cursor.position + 4, count)]
    } else {
      cursor = try HDF5Cursor(bytes, at: address)
      try cursor.expect("OHDR")
      guard try cursor.number(1) == 2 else { throw HDF5Cursor.cutOff }
      flags = try cursor.number(1)
      try cursor.skip((flags & 32 != 0 ? 16 : 0) + (flags & 16 != 0 ? 4 : 0))
      let count = try cursor.number(1 << (flags & 3))
      blocks = [(cursor.position, count)]
    }
    var next = 0
    var total = 0
    while next < blocks.count {
      total += min(blocks[next].count, bytes.count)
      guard next < Self.largestBlockCount, total <= bytes.count else { throw HDF5Cursor.cutOff }
      try read(blocks[next], isOld: isOld, hasOrder: flags & 4 != 0) { blocks.append($0) }
      next += 1
    }
  }

  /// Reads the messages of one block; hands over the blocks that continue it.
  private mutating func read(
    _ block: (position: Int, count: Int), isOld: Bool, hasOrder: Bool,
    continuing: ((position: Int, count: Int)) -> Void
  ) throws {
    var cursor = try HDF5Cursor(bytes, at: block.position, count: block.count)
    let headSize = isOld ? 8 : hasOrder ? 6 : 4
    while cursor.remaining >= headSize {
      let kind = try cursor.number(isOld ? 2 : 1)
      let count = try cursor.number(2)
      let flags = try cursor.number(1)
      try cursor.skip(isOld ? 3 : hasOrder ? 2 : 0)
      let position = cursor.position
      try cursor.skip(count)
      guard let kind = Kind(rawValue: kind) else { continue }
      guard kind == .continuation else {
        messages.append(
          Message(kind: kind, position: position, count: count, isShared: flags & 2 != 0))
        continue
      }
      var target = try HDF5Cursor(bytes, at: position, count: count)
      let (start, length) = (try target.number(8), try target.number(8))
      if isOld {
        continuing((start, length))
      } else {
        // Blocks of the newer form begin with letters and end with a checksum.
        var letters = try HDF5Cursor(bytes, at: start)
        try letters.expect("OCHK")
        guard length >= 8 else { throw HDF5Cursor.cutOff }
        continuing((start + 4, length - 8))
      }
    }
  }

  /// The first message of a kind.
  subscript(kind: Kind) -> Message? { messages.first { $0.kind == kind } }

  /// The contents of the first message of a kind; nil if there is none.
  func contents(_ kind: Kind) throws -> HDF5Cursor? { try self[kind].map(contents) }

  func contents(_ message: Message) throws -> HDF5Cursor {
    guard !message.isShared else {
      throw HDF5File.unsupported("types that objects share are not supported")
    }
    return try HDF5Cursor(bytes, at: message.position, count: message.count)
  }
}
