import Checks

extension ReportPage {
  /// What changed since earlier audits of the same samples.
  func change() throws -> Markup {
    let parts = try document.changes.map { change -> Markup in
      let page = ComparisonPage(document: change, words: words)
      let sections = try page.sections().map { section -> Markup in
        "<h4>\(words("compare.title.\(section.key)"))</h4>\(section.body)"
      }
      return """
        <h3>\(page.title)</h3>
        <p class="lead">\(words.recorded(change.comparison.sentence))</p>
        \(sections)
        """
    }
    return "<p>\(words("change.lead"))</p>\(parts)"
  }
}
