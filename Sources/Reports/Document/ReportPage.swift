import Attestations
import Audits
import ReportTemplates

/// The whole page: cover, summary, a chapter a data set, limits, the clauses where profiles are
/// chosen, how to reproduce, every measure.
struct ReportPage: Sendable {
  let document: ReportDocument
  let words: Words
  /// What each run's root stands for, in the order of the records.
  var manifests: [Manifest] = []

  var records: [AuditRecord] { document.records }
  var names: [String] { ReportDocument.names(of: records, words) }

  func source(_ templates: ReportTemplates, for medium: ReportMedium) throws -> String {
    let chapters = chapters
    let closing = try closing()
    let parts: [Markup] =
      try [
        summary, section("scope", number: 2, body: scope),
        chapters.map { try $0.markup() }.joined,
      ]
      + closing.enumerated().map { index, part in
        section(part.key, number: chapters.count + Self.firstChapter + index, body: part.body)
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
    return templates.filled(title: document.title, body: body, for: medium)
  }

  var chapters: [Chapter] {
    document.groups.enumerated().map { index, group in
      Chapter(
        number: index + Self.firstChapter, records: group,
        names: ReportDocument.names(of: group, words), words: words)
    }
  }

  /// What follows the chapters.
  private func closing() throws -> [(key: String, body: Markup)] {
    let clauses = document.profiles.isEmpty ? [] : [(key: "compliance", body: compliance)]
    let changes = document.changes.isEmpty ? [] : [(key: "change", body: try change())]
    return changes + [(key: "limits", body: limits)] + clauses + [
      (key: "reproduction", body: reproduction), (key: "measures", body: measures),
      (key: "signOff", body: signOff),
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
      [("summary", words("summary.title")), ("scope", words("scope.title"))]
      + chapters.map { ("c\($0.number)", $0.title) }
      + closing.map { ($0, words("\($0).title")) }
    let items = entries.enumerated().map { index, entry -> Markup in
      "<li><a href=\"#\(entry.0)\"><span class=\"no\">\(index + 1)</span> \(entry.1)</a></li>"
    }
    return
      "<nav class=\"contents\" aria-label=\"\(words("page.contents"))\"><ol>\(items)</ol></nav>"
  }
}
