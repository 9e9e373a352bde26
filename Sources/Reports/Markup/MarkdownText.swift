/// Markdown in which what is interpolated as text is text, whatever it contains.
///
///     let line: MarkdownText = "Model \(name)"      // no name becomes a link, a tag or a mention
///
/// The counterpart of `Markup` for GitHub's and GitLab's dialect. The literals of this program begin
/// every line, so that text need only be harmless within one.
struct MarkdownText: Hashable, Sendable, ExpressibleByStringInterpolation {
  private(set) var source: String

  init(stringLiteral value: String) { source = value }
  init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

  private init(source: String) { self.source = source }

  /// What this program made itself, taken as it is: the name of a file.
  static func trusted(_ source: String) -> MarkdownText { MarkdownText(source: source) }

  static func + (left: MarkdownText, right: MarkdownText) -> MarkdownText {
    "\(left)\(right)"
  }

  /// Text as one line in which nothing is markup, in tables and alternative texts too.
  ///
  /// Whatever could be markup, a tag, a link or a formula becomes a numeric character reference,
  /// which can begin none of them (CommonMark 0.31, 2.5). Mentions are looked for in the finished
  /// text, so that a word joiner (U+2060), which shows nothing, keeps "@" from the name.
  static func escaped(_ text: String) -> String {
    let scalars = text.unicodeScalars.map(DisplayText.shown)
    var result = ""
    result.reserveCapacity(scalars.count)
    for (index, scalar) in scalars.enumerated() {
      let neighbours = (
        before: index > 0 ? scalars[index - 1] : " ",
        after: index + 1 < scalars.count ? scalars[index + 1] : " "
      )
      if isSpecial(scalar, neighbours) {
        result += "&#\(scalar.value);" + (scalar == "@" ? "&#8288;" : "")
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isSpecial(
    _ scalar: Unicode.Scalar, _ neighbours: (before: Unicode.Scalar, after: Unicode.Scalar)
  ) -> Bool {
    switch scalar {
    // "https://"
    case ":": neighbours.after == "/"
    // "www."
    case ".": neighbours.before == "w" || neighbours.before == "W"
    default: special.contains(scalar)
    }
  }

  private static let special = Set("\\`*_[]{<>&|~#@$!".unicodeScalars)

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity) }
    mutating func appendLiteral(_ literal: String) { source += literal }
    mutating func appendInterpolation(_ text: String) { source += MarkdownText.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { source += String(number) }
    mutating func appendInterpolation(_ markdown: MarkdownText) { source += markdown.source }
  }

  /// Pieces with an empty line between them.
  static func blocks(_ pieces: [MarkdownText]) -> MarkdownText {
    joined(pieces.filter { !$0.source.isEmpty }, by: "\n\n")
  }

  /// A table; a heading that ends in a colon has its column set to the right.
  ///
  /// - Precondition: every row has a cell a column.
  static func table(_ headings: [String], _ rows: [[MarkdownText]]) -> MarkdownText {
    func line(_ cells: [MarkdownText]) -> MarkdownText {
      precondition(
        cells.count == headings.count, "expected \(headings.count) cells, got \(cells.count)")
      return "| \(joined(cells, by: " | ")) |"
    }
    let names = headings.map { name -> MarkdownText in
      "\(name.hasSuffix(":") ? String(name.dropLast()) : name)"
    }
    let rules = headings.map { name -> MarkdownText in name.hasSuffix(":") ? "---:" : "---" }
    return joined([line(names), line(rules)] + rows.map(line), by: "\n")
  }

  private static func joined(_ pieces: [MarkdownText], by separator: MarkdownText) -> MarkdownText {
    guard let first = pieces.first else { return "" }
    return pieces.dropFirst().reduce(first) { "\($0)\(separator)\($1)" }
  }
}
