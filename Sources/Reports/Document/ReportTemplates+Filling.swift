import Foundation
package import ReportTemplates

extension ReportTemplates {
  /// The page with its title, language, style and body put in.
  ///
  /// - Parameters:
  ///   - title: The page's title, as text.
  ///   - body: What the page shows on screens.
  ///   - medium: Where the page is read.
  /// - Returns: The source of the page.
  package func filled(
    title: String, body: Markup, for medium: ReportMedium = .screen
  ) -> String {
    let shown: (style: String, body: Markup) =
      switch medium {
      case .screen: (style, body)
      case .print: (print, PrintEdition(words: Words(self), drawing: drawing).body(body))
      }
    return fill([
      ("title", Markup.escaped(title)), ("language", Markup.escaped(language)),
      ("style", shown.style), ("body", shown.body.source),
    ])
  }

  /// The template with its marks replaced in one pass, so that no content is taken for a mark.
  private func fill(_ values: [(String, String)]) -> String {
    var result = ""
    var rest = page[...]
    while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
      let name = String(rest[open.upperBound..<close.lowerBound])
      result += rest[..<open.lowerBound]
      result += values.first { $0.0 == name }?.1 ?? String(rest[open.lowerBound..<close.upperBound])
      rest = rest[close.upperBound...]
    }
    return result + rest
  }
}
