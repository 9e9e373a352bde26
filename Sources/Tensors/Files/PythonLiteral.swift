/// A value in the small part of Python's syntax that `.npy` headers use.
indirect enum PythonLiteral: Hashable, Sendable {
  case text(String)
  case number(Int)
  case bool(Bool)
  case tuple([PythonLiteral])
  case dictionary([String: PythonLiteral])
}

/// Parses one literal; nil stands for anything else.
struct PythonLiteralParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func parse() -> PythonLiteral? {
    depth += 1
    defer { depth -= 1 }
    // Headers nest three deep; the limit keeps hostile ones off the stack.
    guard depth < 16, let byte = peek() else { return nil }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "("): return list(end: UInt8(ascii: ")"))
    case UInt8(ascii: "["): return list(end: UInt8(ascii: "]"))
    case UInt8(ascii: "{"): return dictionary()
    default: return word()
    }
  }

  /// The next byte that is not white space.
  private mutating func peek() -> UInt8? {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
      position += 1
    }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func skip(_ character: Character) -> Bool {
    guard peek() == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func text() -> String? {
    let quote = bytes[position]
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { return nil }
    defer { position = end + 1 }
    return String(decoding: bytes[position + 1..<end], as: UTF8.self)
  }

  private mutating func list(end: UInt8) -> PythonLiteral? {
    position += 1
    var items: [PythonLiteral] = []
    while let byte = peek(), byte != end {
      guard let item = parse() else { return nil }
      items.append(item)
      if !skip(",") { break }
    }
    guard peek() == end else { return nil }
    position += 1
    return .tuple(items)
  }

  private mutating func dictionary() -> PythonLiteral? {
    position += 1
    var fields: [String: PythonLiteral] = [:]
    while let byte = peek(), byte != UInt8(ascii: "}") {
      guard case .text(let key) = parse(), skip(":"), let value = parse() else { return nil }
      fields[key] = value
      if !skip(",") { break }
    }
    return skip("}") ? .dictionary(fields) : nil
  }

  private mutating func word() -> PythonLiteral? {
    let start = position
    while position < bytes.count, !",:()[]{} \n".utf8.contains(bytes[position]) { position += 1 }
    switch String(decoding: bytes[start..<position], as: UTF8.self) {
    case "True": return .bool(true)
    case "False": return .bool(false)
    case let word:
      // Python 2 wrote long integers as 3L.
      return Int(word.hasSuffix("L") ? String(word.dropLast()) : word).map { .number($0) }
    }
  }
}
