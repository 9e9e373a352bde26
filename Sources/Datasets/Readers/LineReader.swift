import Tensors

/// The lines of a text file, one at a time, through gzip where the file is compressed.
struct LineReader {
  /// The number of the line that was read last, from 1.
  private(set) var line = 0
  let path: String
  private let source: any ByteSource
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var unread = 0..<0

  /// No row of real data is longer; without a limit a file without lines would fill the memory.
  static let longestLine = 1 << 26

  init(path: String) throws {
    self.path = path
    source = try openBytes(path: path)
  }

  /// The bytes that the reader holds, however long the file is.
  var heldByteCount: Int { buffer.capacity }

  /// The next line without its end, nil at the end of the file.
  mutating func next(into line: inout [UInt8]) throws -> Bool {
    line.removeAll(keepingCapacity: true)
    var hasContent = false
    while try !unread.isEmpty || refill() {
      hasContent = true
      if let end = buffer[unread].firstIndex(of: UInt8(ascii: "\n")) {
        line += buffer[unread.lowerBound..<end]
        unread = end + 1..<unread.upperBound
        break
      }
      line += buffer[unread]
      unread = 0..<0
      guard line.count <= Self.longestLine else {
        throw DatasetError(path: path, line: self.line + 1, .lineTooLong(limit: Self.longestLine))
      }
    }
    guard hasContent else { return false }
    self.line += 1
    if self.line == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return true
  }

  private mutating func refill() throws -> Bool {
    let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
    unread = 0..<count
    return count > 0
  }
}

extension RangeReplaceableCollection where Element == UInt8 {
  /// The range without white space at either end.
  func trimmed(_ range: Range<Index>) -> Range<Index> where Index == Int {
    var range = range
    while !range.isEmpty, self[range.lowerBound].isSpace { range = range.dropFirst() }
    while !range.isEmpty, self[range.upperBound - 1].isSpace { range = range.dropLast() }
    return range
  }
}

extension UInt8 {
  /// Whether the byte is a space, a tab, a return or a line feed.
  var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A }
}
