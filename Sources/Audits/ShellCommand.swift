/// A command line, word by word.
package struct ShellCommand: Hashable, Sendable {
  package var words: [String]

  package init(words: [String]) { self.words = words }

  /// The words of a line as a POSIX shell separates them: at spaces, outside of single quotes, a
  /// backslash before a character that stands for itself.
  package init(_ line: String) {
    var words: [String] = []
    var word: String?
    var (isQuoted, isEscaped) = (false, false)
    for character in line {
      switch character {
      case _ where isEscaped:
        word = (word ?? "") + String(character)
        isEscaped = false
      case "'":
        word = word ?? ""
        isQuoted.toggle()
      case "\\" where !isQuoted: isEscaped = true
      case " " where !isQuoted:
        words += word.map { [$0] } ?? []
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    self.words = words + (word.map { [$0] } ?? [])
  }

  /// The line as a shell would take it again.
  package var line: String {
    words.map { word in
      let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,=:+".contains($0) }
      return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }.joined(separator: " ")
  }

  /// The command without an option that takes a value: "--shard 3/8" or "--shard=3/8".
  package func removing(_ option: String) -> ShellCommand {
    var kept: [String] = []
    var isValue = false
    for word in words {
      if isValue {
        isValue = false
      } else if word == option {
        isValue = true
      } else if !word.hasPrefix(option + "=") {
        kept.append(word)
      }
    }
    return ShellCommand(words: kept)
  }
}
