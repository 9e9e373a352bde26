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
    var isInContents = false
    for tag in tags {
      if tag.hasPrefix(Self.contentsTag) {
        isInContents = true
        source += contents.markup.source
      } else if tag.hasPrefix("/nav>"), isInContents {
        isInContents = false
        source += tag.dropFirst("/nav>".count)
      } else if !isInContents {
        source += printed(tag)
      }
    }
    return .trusted(source)
  }

  static let contentsTag = "nav class=\"contents\""

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

/// The contents of a printed page: chapters and their sections, whose pages the printer fills in.
struct PrintContents: Sendable {
  let title: String
  private(set) var chapters: [Chapter] = []

  struct Chapter: Sendable {
    var entry: Markup
    var sections: [Markup] = []
  }

  /// - Parameters:
  ///   - tags: The pieces of a page, each from a tag on, without its `<`.
  ///   - title: What stands over the contents.
  init(tags: ArraySlice<Substring>, title: String) {
    self.title = title
    for (index, tag) in zip(tags.indices, tags) {
      guard let level = tag.first == "h" ? tag.dropFirst().first : nil, "23".contains(level),
        let entry = Self.entry(tags[index...], closing: "/h\(level)>")
      else { continue }
      if level == "2" {
        chapters.append(Chapter(entry: entry))
      } else if !chapters.isEmpty {
        chapters[chapters.count - 1].sections.append(entry)
      }
    }
  }

  /// A link to a heading that has an identifier, with the heading's own markup as its text.
  private static func entry(_ tags: ArraySlice<Substring>, closing: String) -> Markup? {
    guard let heading = tags.first, heading.dropFirst(2).hasPrefix(" id=\""),
      let end = heading.firstIndex(of: ">")
    else { return nil }
    let id = heading.dropFirst("h2 id=\"".count).prefix { $0 != "\"" }
    let inner = tags.dropFirst().prefix { !$0.hasPrefix(closing) }.map { "<" + $0 }.joined()
    return .trusted("<a href=\"#\(id)\">\(heading[heading.index(after: end)...])\(inner)</a>")
  }

  var markup: Markup {
    let items = chapters.map { chapter -> Markup in
      let sections = chapter.sections.map { "<li>\($0)</li>" as Markup }
      return """
        <li>\(chapter.entry)\(sections.isEmpty ? .empty : "<ol>\(sections)</ol>")</li>
        """
    }
    return """
      <nav class="contents" aria-label="\(title)"><p class="contents-title">\(title)</p>
      <ol>\(items)</ol></nav>
      """
  }
}
