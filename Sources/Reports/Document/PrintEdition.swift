/// A page as it is printed: nothing is folded away, links and contents name their pages.
///
/// What is printed is what is shown on screens, changed at its tags alone: `details` become blocks,
/// drawings carry their style with them (WeasyPrint draws them apart from the page and its style),
/// and the contents list sections too. Text is escaped, so that every `<` begins a tag of this
/// program's own.
struct PrintEdition: Sendable {
  private let contentsTitle: String
  private let drawing: String
  /// What stands for the beginnings of tags.
  private let replacements: [(String, String)]

  /// - Parameters:
  ///   - words: The words of the page's language.
  ///   - drawing: The style of drawings.
  init(words: Words, drawing: String) {
    contentsTitle = words("page.contents")
    self.drawing = drawing
    let page = Markup.escaped(words("print.pageBefore"))
    let of = Markup.escaped(words("print.pageOf"))
    let link = Markup.escaped(words("print.link"))
    replacements = [
      ("details>", "div class=\"disclosed\">"), ("/details>", "/div>"),
      ("summary>", "p class=\"disclosed-title\">"), ("/summary>", "/p>"),
      ("a href=\"#", "a data-page=\"\(link)\" href=\"#"),
      ("header class=\"cover\"", "header class=\"cover\" data-page=\"\(page)\" data-of=\"\(of)\""),
    ]
  }

  /// The body of a page, for paper.
  func body(_ screen: Markup) -> Markup {
    let pieces = Self.pieces(of: screen)
    let tags = pieces.dropFirst()
    let contents = PrintContents(tags: tags, title: contentsTitle)
    var source = pieces.first.map(BreakableText.breakable) ?? ""
    source.reserveCapacity(screen.source.utf8.count * 2)
    // The tag that ends what is left out.
    var skipped: String?
    var rows: Substring?
    for (index, tag) in zip(tags.indices, tags) {
      if let end = skipped {
        guard tag.hasPrefix(end) else { continue }
        skipped = nil
        source += tag.dropFirst(end.count)
      } else if tag.hasPrefix(Self.contentsTag) {
        skipped = "/nav>"
        source += contents.markup.source
      } else if tag.hasPrefix(Self.summaryTag), Self.isCaptioned(tags[index...]) {
        skipped = "/" + Self.summaryTag
      } else if tag.hasPrefix("tbody"), !tag.hasPrefix(Self.hiddenTag),
        tags[index...].dropFirst().first?.hasPrefix(Self.groupTag) == true
      {
        source += Self.headingTag
        rows = tag
      } else if tag.hasPrefix("/tr>"), let body = rows {
        source += "</tr></tbody><\(body)\(tag.dropFirst("/tr>".count))"
        rows = nil
      } else {
        source += printed(tag)
      }
    }
    return .trusted(source)
  }

  /// Whether what a summary unfolds is a table, whose caption says on paper what the summary does.
  private static func isCaptioned(_ tags: ArraySlice<Substring>) -> Bool {
    let rest = tags.drop { !$0.hasPrefix("/" + summaryTag) }
    return rest.dropFirst().first?.hasPrefix(tableTag) == true
  }

  private static let summaryTag = "summary>"
  private static let tableTag = "div class=\"scroll"
  private static let contentsTag = "nav class=\"contents\""
  private static let hiddenTag = "tbody class=\"screen-only\""
  private static let groupTag = "tr class=\"group\""
  // Pages are broken between bodies of a table by other rules than between rows: only so a heading
  // stays with the rows under it.
  private static let headingTag = "<tbody class=\"heading\">"

  /// What stands before any tag, then what begins with each, without its `<`.
  private static func pieces(of markup: Markup) -> [Substring] {
    markup.source.utf8.split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false)
      .map(Substring.init)
  }

  /// A tag, and the text after it, as it is printed.
  private func printed(_ tag: Substring) -> String {
    guard let end = tag.firstIndex(of: ">") else { return "<" + tag }
    let isVerbatim = tag.hasPrefix("pre ") || tag.hasPrefix("code ")
    let text = tag[tag.index(after: end)...]
    let shown = isVerbatim ? String(text) : BreakableText.breakable(text)
    for (start, replacement) in replacements where tag.hasPrefix(start) {
      return "<\(replacement)\(tag[...end].dropFirst(start.count))\(shown)"
    }
    let style = tag.hasPrefix("svg ") ? "<style>\(drawing)</style>" : ""
    return "<\(tag[...end])\(style)\(shown)"
  }
}
