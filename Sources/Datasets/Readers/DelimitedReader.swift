/// One row of a file of separated values.
struct Record {
  /// The line on which the row begins, from 1.
  var line = 0
  fileprivate var bytes: [UInt8] = []
  fileprivate var fields: [Range<Int>] = []

  /// The number of values.
  var count: Int { fields.count }

  /// The bytes that the row takes.
  var heldByteCount: Int { bytes.capacity + fields.capacity * MemoryLayout<Range<Int>>.stride }

  /// The text of a value, without quotation marks and surrounding white space.
  func text(_ index: Int) -> String { String(decoding: bytes[fields[index]], as: UTF8.self) }

  /// Whether the value has no letter.
  func isEmpty(_ index: Int) -> Bool { fields[index].isEmpty }

  /// The value as a number, nil if it is none.
  func number(_ index: Int) -> Double? { NumberParser.number(bytes[fields[index]]) }
}

/// Reads rows of separated values: CSV as in RFC 4180, and the data part of ARFF files.
struct DelimitedReader {
  /// How rows are written.
  struct Dialect {
    var delimiter = UInt8(ascii: ",")
    var quotes: [UInt8] = [UInt8(ascii: "\"")]
    /// Whether a backslash stands before a quotation mark; otherwise the mark is doubled.
    var hasBackslash = false
    /// The byte that begins a comment line.
    var comment: UInt8?

    static let arff = Dialect(
      quotes: [UInt8(ascii: "'"), UInt8(ascii: "\"")], hasBackslash: true,
      comment: UInt8(ascii: "%"))
  }

  private let dialect: Dialect
  private var lines: LineReader
  private var line: [UInt8] = []

  init(_ lines: LineReader, dialect: Dialect) {
    self.lines = lines
    self.dialect = dialect
  }

  /// The bytes that the reader holds, however long the file is.
  var heldByteCount: Int { lines.heldByteCount + line.capacity }

  /// Reads the next row that is not empty into `record`; false at the end.
  mutating func next(into record: inout Record) throws -> Bool {
    repeat {
      guard try lines.next(into: &line) else { return false }
    } while isPassedOver
    record.line = lines.line
    record.bytes.removeAll(keepingCapacity: true)
    record.fields.removeAll(keepingCapacity: true)
    var position = 0
    while true {
      try readField(&position, into: &record)
      guard position < line.count else { return true }
      position += 1
    }
  }

  private var isPassedOver: Bool {
    let content = line.trimmed(0..<line.count)
    return content.isEmpty || line[content.lowerBound] == dialect.comment
  }

  /// Reads one value and stops at the delimiter or the end of the line.
  private mutating func readField(_ position: inout Int, into record: inout Record) throws {
    while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
    let start = record.bytes.count
    if position < line.count, dialect.quotes.contains(line[position]) {
      try readQuoted(&position, into: &record)
      record.fields.append(start..<record.bytes.count)
      let rest = line[position...].firstIndex(of: dialect.delimiter) ?? line.count
      guard line[position..<rest].allSatisfy(\.isSpace) else {
        throw DatasetError(
          path: lines.path, line: record.line,
          .damaged("text follows a closing quotation mark in value \(record.count)"))
      }
      position = rest
    } else {
      let end = line[position...].firstIndex(of: dialect.delimiter) ?? line.count
      record.bytes += line[line.trimmed(position..<end)]
      record.fields.append(start..<record.bytes.count)
      position = end
    }
  }

  /// Reads up to the closing quotation mark, over line ends where need be.
  private mutating func readQuoted(_ position: inout Int, into record: inout Record) throws {
    let quote = line[position]
    position += 1
    while true {
      guard position < line.count else {
        record.bytes.append(UInt8(ascii: "\n"))
        guard record.bytes.count <= LineReader.longestLine, try lines.next(into: &line) else {
          throw DatasetError(path: lines.path, line: record.line, .unclosedQuote)
        }
        position = 0
        continue
      }
      let byte = line[position]
      let next = position + 1 < line.count ? line[position + 1] : nil
      if dialect.hasBackslash, byte == UInt8(ascii: "\\"), let next {
        record.bytes.append(next)
        position += 2
      } else if byte == quote, !dialect.hasBackslash, next == quote {
        record.bytes.append(quote)
        position += 2
      } else if byte == quote {
        position += 1
        return
      } else {
        record.bytes.append(byte)
        position += 1
      }
    }
  }
}
