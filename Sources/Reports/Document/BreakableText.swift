/// Long words with places at which lines may be broken: paper has no box that scrolls.
enum BreakableText {
  /// The most characters that stand together, about a column of a table.
  static let longestPiece = 24
  /// Up to this many a word is left alone, whatever is in it.
  static let longestWord = 14

  /// Escaped text with zero-width spaces in its long words: behind `_` and `/`, else at any
  /// character, never within an entity.
  static func breakable(_ text: Substring) -> String {
    guard hasLongWord(text) else { return String(text) }
    return text.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.utf8.count > longestWord ? pieces(of: $0) : String($0) }.joined(separator: " ")
  }

  private static func hasLongWord(_ text: Substring) -> Bool {
    var length = 0
    for byte in text.utf8 {
      length = byte <= UInt8(ascii: " ") ? 0 : length + 1
      if length > longestWord { return true }
    }
    return false
  }

  private static func pieces(of word: Substring) -> String {
    var result = ""
    var length = 0
    var isInEntity = false
    for character in word {
      result.append(character)
      length += 1
      if character == "&" { isInEntity = true }
      if character == ";" { isInEntity = false }
      let isChance = character == "_" || character == "/" || length >= longestPiece
      guard !isInEntity, isChance || character.isWhitespace else { continue }
      if !character.isWhitespace { result += "\u{200B}" }
      length = 0
    }
    return result
  }
}
