import Audits
package import ReportTemplates

extension ReportPage {
  /// The summary for management as a page of its own.
  func summaryPage(_ templates: ReportTemplates) -> String {
    let data = document.groups.map { $0[0].data.name }.joined(separator: ", ")
    let runs = records.map(\.run.id).joined(separator: ", ")
    let body: Markup = """
      <header class="cover brief-cover">
      <p class="kicker">\(words("brief.kicker"))</p>
      <h1>\(document.title)</h1>
      <p class="lead">\(words(
        "brief.lead",
        ["models": models.joined(separator: ", "), "data": data, "period": period]))</p>
      </header>
      <main id="content">
      \(brief(level: 2, isLinked: false))
      </main>
      <footer><p>\(words("brief.footer", ["runs": runs]))</p></footer>
      """
    return templates.filled(title: document.title, body: body)
  }

  /// The models' names, each once.
  private var models: [String] {
    records.map(\.model.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// When the audits were started: "2026-03-02 09:15 UTC – 2026-03-04 10:00 UTC".
  var period: String {
    let dates = records.map { NumberText.moment($0.run.started) }.sorted()
    return dates.first == dates.last ? dates[0] : "\(dates[0]) – \(dates[dates.count - 1])"
  }
}

extension ReportDocument {
  /// One page for management: verdict, conditions of use, worst findings, signatures.
  ///
  /// - Throws: an error where the words cannot be read.
  package func summary(templates: ReportTemplates? = nil) throws -> String {
    let templates = try templates ?? .builtIn(language: language.rawValue)
    let words = Words(templates)
    return words.writingNumbers {
      ReportPage(document: self, words: words).summaryPage(templates)
    }
  }

  /// One page for management in the built-in style.
  ///
  /// - Throws: an error where the words cannot be read.
  public func summary() throws -> String { try summary(templates: nil) }
}
