import CZlib

/// A keyword and its text in a PNG file.
package struct PNGText: Hashable, Sendable {
  /// 1 to 79 printable Latin-1 characters: "Title", "Description", "Software".
  package var keyword: String
  package var text: String

  package init(_ keyword: String, _ text: String) {
    self.keyword = keyword
    self.text = text
  }
}

/// Why a PNG file could not be read or written.
package struct PNGError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Hashable, Sendable {
    case unreadable = "not a readable PNG file"
    case unwritable = "the PNG file cannot be written"
    case tooLarge = "the picture is too large"
    case invalidKeyword = "not a keyword of 1 to 79 printable characters"
  }

  package var code: Code
  package var detail: String

  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  package var description: String { "\(code.rawValue): \(detail)" }
}

/// The chunks of a PNG file, which libpng's simplified interface does not show.
///
/// - Source: PNG (Portable Network Graphics) Specification, third edition, sections 5 and 11.3.3.
enum PNGChunks {
  private static let signature: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]

  private struct Chunk {
    var kind: String
    var payload: ArraySlice<UInt8>
    var end: Int
  }

  /// The file with text chunks behind its header.
  static func inserting(_ texts: [PNGText], into file: [UInt8]) throws -> [UInt8] {
    guard !texts.isEmpty, let header = try chunks(of: file).first else { return file }
    let inserted = try texts.flatMap(encoded)
    return Array(file[..<header.end]) + inserted + Array(file[header.end...])
  }

  /// What the uncompressed text chunks (tEXt, iTXt) say, in file order.
  static func texts(in file: [UInt8]) throws -> [PNGText] {
    try chunks(of: file).compactMap { chunk in
      switch chunk.kind {
      case "tEXt": return latinText(chunk.payload)
      case "iTXt": return internationalText(chunk.payload)
      default: return nil
      }
    }
  }

  private static func chunks(of file: [UInt8]) throws -> [Chunk] {
    guard file.starts(with: signature) else { throw PNGError(.unreadable, "no PNG signature") }
    var result: [Chunk] = []
    var start = signature.count
    while start + 12 <= file.count {
      let length = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard start + 12 + length <= file.count else { break }
      let kind = String(decoding: file[start + 4..<start + 8], as: UTF8.self)
      let payload = file[start + 8..<start + 8 + length]
      result.append(Chunk(kind: kind, payload: payload, end: start + 12 + length))
      start += 12 + length
      if kind == "IEND" { return result }
    }
    throw PNGError(.unreadable, "the file ends at byte \(file.count), within a chunk")
  }

  private static func latinText(_ payload: ArraySlice<UInt8>) -> PNGText? {
    guard let split = payload.firstIndex(of: 0) else { return nil }
    func latin(_ bytes: ArraySlice<UInt8>) -> String {
      String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
    return PNGText(latin(payload[..<split]), latin(payload[(split + 1)...]))
  }

  /// Keyword, 0, compressed?, method, language, 0, translated keyword, 0, text.
  private static func internationalText(_ payload: ArraySlice<UInt8>) -> PNGText? {
    let parts = payload.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count >= 2, parts[1].first == 0 else { return nil }
    let rest = parts[1].dropFirst(2)
      .split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    guard rest.count == 3 else { return nil }
    return PNGText(
      String(decoding: parts[0], as: UTF8.self), String(decoding: rest[2], as: UTF8.self))
  }

  private static func encoded(_ text: PNGText) throws -> [UInt8] {
    let keyword = Array(text.keyword.utf8)
    guard (1...79).contains(keyword.count), keyword.allSatisfy({ (32...126).contains($0) }),
      keyword.first != 32, keyword.last != 32
    else { throw PNGError(.invalidKeyword, text.keyword) }
    let body = Array(text.text.utf8).filter { $0 != 0 }
    // ASCII is all that tEXt and UTF-8 agree on.
    return body.allSatisfy { $0 < 128 }
      ? chunk("tEXt", keyword + [0] + body) : chunk("iTXt", keyword + [0, 0, 0, 0, 0] + body)
  }

  private static func chunk(_ kind: String, _ payload: [UInt8]) -> [UInt8] {
    let checked = Array(kind.utf8) + payload
    let check = crc32(0, checked, uInt(checked.count))
    return bigEndian(UInt32(payload.count)) + checked
      + bigEndian(UInt32(truncatingIfNeeded: check))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }
}
