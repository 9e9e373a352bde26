import ReportTemplates
import Reports

/// A link of a page: its text and where it leads.
struct PageLink: Hashable, Sendable {
  var text: String
  var path: [String]
  var query: [RequestTarget.Entry] = []

  var markup: Markup { "<a href=\"\(RequestTarget.address(path, query))\">\(text)</a>" }
}

extension Site {
  /// A page with its heading, the way that led to it, and its content.
  ///
  /// - Parameters:
  ///   - title: The heading, as text.
  ///   - lead: A sentence below the heading.
  ///   - trail: The pages above this one, outermost first.
  ///   - content: The parts of the page.
  ///   - status: The HTTP status.
  /// - Returns: The response.
  func page(
    title: String, lead: String, trail: [PageLink] = [], content: [Markup], status: Int = 200
  ) -> PageResponse {
    let body: Markup = """
      <a class="skip" href="#content">\(words("page.skip"))</a>
      <header class="cover">
      \(way(trail))
      <h1>\(title)</h1>
      <p class="lead">\(lead)</p>
      </header>
      <main id="content">
      \(content)
      </main>
      <footer><p>\(words("serve.footer"))</p></footer>
      """
    return .page(served.filled(title: title, body: body), status: status)
  }

  /// A part of a page under a heading.
  func section(_ key: String, _ content: Markup) -> Markup {
    """
    <section class="part" aria-labelledby="\(key)">
    <h2 id="\(key)">\(words("serve.title.\(key)"))</h2>
    \(content)
    </section>
    """
  }

  /// The templates with the skeleton of served pages, whose style is a file of its own.
  var served: ReportTemplates {
    var templates = templates
    templates.page = ReportTemplates.servedPage
    return templates
  }

  /// The links back; none on the first page.
  func way(_ trail: [PageLink]) -> Markup {
    guard !trail.isEmpty else { return .empty }
    let items = trail.map { "<li>\($0.markup)</li>" as Markup }
    return "<nav class=\"way\" aria-label=\"\(words("serve.way"))\"><ol>\(items)</ol></nav>"
  }

  /// The first page, as a link of other pages' trails.
  var home: PageLink { PageLink(text: words("serve.runs.title"), path: []) }
}
