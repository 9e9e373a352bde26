import Audits
import ReportTemplates

/// The whole page: cover, summary, a chapter a data set, limits, how to reproduce, every measure.
struct ReportPage: Sendable {
  let document: ReportDocument
  let words: Words

  var records: [AuditRecord] { document.records }
  var names: [String] { ReportDocument.names(of: records) }

  func source(_ templates: ReportTemplates) throws -> String {
    let chapters = chapters
    let last = chapters.count + 2
    let parts: [Markup] = try [
      summary,
      chapters.map { try $0.markup() }.joined,
      section("limits", number: last, body: limits),
      section("reproduction", number: last + 1, body: reproduction),
      section("measures", number: last + 2, body: measures),
    ]
    let body: Markup = """
      <a class="skip" href="#content">\(words("page.skip"))</a>
      \(cover)
      \(contents(chapters))
      <main id="content">
      \(parts)
      </main>
      <footer><p>\(words("page.footer", ["schema": "\(AuditRecord.schemaVersion)"]))</p></footer>
      """
    return templates.filled(title: document.title, body: body)
  }

  var chapters: [Chapter] {
    document.groups.enumerated().map { index, group in
      Chapter(
        number: index + 2, records: group, names: ReportDocument.names(of: group), words: words)
    }
  }

  func section(_ key: String, number: Int, body: Markup) -> Markup {
    """
    <section class="chapter" aria-labelledby="\(key)">
    <h2 id="\(key)"><span class="no">\(number)</span> \(words("\(key).title"))</h2>
    \(body)
    </section>
    """
  }

  private func contents(_ chapters: [Chapter]) -> Markup {
    let last = chapters.count + 2
    let entries: [(String, String)] =
      [("summary", words("summary.title"))]
      + chapters.map { ("c\($0.number)", $0.title) }
      + ["limits", "reproduction", "measures"].map { ($0, words("\($0).title")) }
    let items = entries.enumerated().map { index, entry -> Markup in
      "<li><a href=\"#\(entry.0)\"><span class=\"no\">\(index + 1)</span> \(entry.1)</a></li>"
    }
    precondition(entries.count == last + 2, "expected \(last + 2) entries, got \(entries.count)")
    return
      "<nav class=\"contents\" aria-label=\"\(words("page.contents"))\"><ol>\(items)</ol></nav>"
  }
}
