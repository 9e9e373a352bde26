import Audits
import ReportTemplates

/// The whole page: cover, summary, a chapter a data set, limits, the clauses where profiles are
/// chosen, how to reproduce, every measure.
struct ReportPage: Sendable {
  let document: ReportDocument
  let words: Words

  var records: [AuditRecord] { document.records }
  var names: [String] { ReportDocument.names(of: records) }

  func source(_ templates: ReportTemplates) throws -> String {
    let chapters = chapters
    let closing = closing
    let parts: [Markup] =
      try [summary, chapters.map { try $0.markup() }.joined]
      + closing.enumerated().map { index, part in
        section(part.key, number: chapters.count + 2 + index, body: part.body)
      }
    let body: Markup = """
      <a class="skip" href="#content">\(words("page.skip"))</a>
      \(cover)
      \(contents(chapters, closing.map(\.key)))
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

  /// What follows the chapters.
  private var closing: [(key: String, body: Markup)] {
    let clauses = document.profiles.isEmpty ? [] : [(key: "compliance", body: compliance)]
    return [(key: "limits", body: limits)] + clauses + [
      (key: "reproduction", body: reproduction), (key: "measures", body: measures),
    ]
  }

  func section(_ key: String, number: Int, body: Markup) -> Markup {
    """
    <section class="chapter" aria-labelledby="\(key)">
    <h2 id="\(key)"><span class="no">\(number)</span> \(words("\(key).title"))</h2>
    \(body)
    </section>
    """
  }

  private func contents(_ chapters: [Chapter], _ closing: [String]) -> Markup {
    let entries: [(String, String)] =
      [("summary", words("summary.title"))]
      + chapters.map { ("c\($0.number)", $0.title) }
      + closing.map { ($0, words("\($0).title")) }
    let items = entries.enumerated().map { index, entry -> Markup in
      "<li><a href=\"#\(entry.0)\"><span class=\"no\">\(index + 1)</span> \(entry.1)</a></li>"
    }
    return
      "<nav class=\"contents\" aria-label=\"\(words("page.contents"))\"><ol>\(items)</ol></nav>"
  }
}
