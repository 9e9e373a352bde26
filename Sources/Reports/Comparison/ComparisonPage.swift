import Audits
import Checks
import ReportTemplates

/// The page "what changed": two audits of models on the same samples.
struct ComparisonPage: Sendable {
  let document: ComparisonDocument
  let words: Words

  var comparison: RecordComparison { document.comparison }
  /// What the models are called: by name, with the run where both have the same.
  var names: [String] { ReportDocument.names(of: [document.first, document.second], words) }

  /// One part of the page.
  struct Section {
    var key: String
    var body: Markup
  }

  /// The parts that have something to say.
  func sections() throws -> [Section] {
    try [
      Section(key: "summary", body: summary),
      Section(key: "measures", body: measures),
      Section(key: "breaks", body: breaks()),
      Section(key: "answers", body: answers),
      Section(key: "moves", body: moves()),
      Section(key: "verdicts", body: verdicts),
      Section(key: "history", body: history),
    ].filter { !$0.body.isEmpty }
  }

  func source(_ templates: ReportTemplates) throws -> String {
    let sections = try sections()
    let body: Markup = """
      <a class="skip" href="#content">\(words("page.skip"))</a>
      \(cover)
      \(contents(sections))
      <main id="content">
      \(sections.enumerated().map { markup($1, number: $0 + 1) })
      </main>
      <footer><p>\(words("compare.footer"))</p></footer>
      """
    return templates.filled(title: title, body: body)
  }

  var title: String {
    words("compare.heading", ["first": names[0], "second": names[1]])
  }

  private var cover: Markup {
    """
    <header class="cover">
    <p class="kicker">\(words("compare.kicker"))</p>
    <h1>\(title)</h1>
    <p class="lead">\(words.recorded(comparison.sentence))</p>
    </header>
    """
  }

  private func contents(_ sections: [Section]) -> Markup {
    let items = sections.enumerated().map { index, section -> Markup in
      """
      <li><a href="#\(section.key)"><span class="no">\(index + 1)</span> \
      \(words("compare.title.\(section.key)"))</a></li>
      """
    }
    return
      "<nav class=\"contents\" aria-label=\"\(words("page.contents"))\"><ol>\(items)</ol></nav>"
  }

  private func markup(_ section: Section, number: Int) -> Markup {
    """
    <section class="chapter" aria-labelledby="\(section.key)">
    <h2 id="\(section.key)"><span class="no">\(number)</span> \
    \(words("compare.title.\(section.key)"))</h2>
    \(section.body)
    </section>
    """
  }

  func paragraph(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> Markup {
    "<p>\(words(key, values))</p>"
  }

  /// The name of a class, with its number.
  func className(_ index: Int) -> Markup {
    ExactNumber.named(index, document.first.className(index))
  }

  /// A table, folded away where it is long.
  func foldable(_ table: Table, rows: Int) -> Markup {
    guard rows > Self.openRows else { return table.markup }
    let text = words("compare.rows", ["table": table.caption, "count": NumberText.count(rows)])
    return "<details><summary>\(text)</summary>\(table.excerpt(words).markup)</details>"
  }

  private static let openRows = 20
}
