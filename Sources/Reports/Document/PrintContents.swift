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
