package import Foundation

/// The skeleton, the style and the words of reports: built in, or a user's own in their place.
package struct ReportTemplates: Hashable, Sendable {
  /// The page, with `{{title}}`, `{{style}}` and `{{body}}` where those belong.
  package var page: String
  package var style: String
  /// Every visible sentence by its key; `{name}` stands for a value.
  package var words: [String: String]

  /// The templates that were compiled into the program.
  package static func builtIn() throws -> ReportTemplates {
    ReportTemplates(
      page: String(decoding: PackageResources.page_html, as: UTF8.self),
      style: String(decoding: PackageResources.style_css, as: UTF8.self),
      words: try decodedWords(Data(PackageResources.words_json), of: "words.json"))
  }

  /// The built-in templates with whichever of the three files the folder holds in their place.
  ///
  /// A words file may hold only the sentences that differ.
  ///
  /// - Throws: `ReportTemplateError` where a file cannot be used.
  package static func overridden(by folder: URL) throws -> ReportTemplates {
    var templates = try builtIn()
    if let page = try contents(of: folder.appending(path: "page.html")) {
      let text = String(decoding: page, as: UTF8.self)
      for mark in ["{{title}}", "{{style}}", "{{body}}"] where !text.contains(mark) {
        throw ReportTemplateError(file: "page.html", problem: "\(mark) is missing")
      }
      templates.page = text
    }
    if let style = try contents(of: folder.appending(path: "style.css")) {
      templates.style = String(decoding: style, as: UTF8.self)
    }
    if let words = try contents(of: folder.appending(path: "words.json")) {
      for (key, sentence) in try decodedWords(words, of: "words.json") {
        guard templates.words[key] != nil else {
          throw ReportTemplateError(file: "words.json", problem: "unknown key '\(key)'")
        }
        templates.words[key] = sentence
      }
    }
    return templates
  }

  private static func contents(of file: URL) throws -> Data? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try Data(contentsOf: file)
  }

  private static func decodedWords(_ data: Data, of file: String) throws -> [String: String] {
    do {
      return try JSONDecoder().decode([String: String].self, from: data)
    } catch {
      throw ReportTemplateError(
        file: file, problem: "expected one JSON object of texts (\(error))")
    }
  }
}

/// A template file of the user that cannot be used.
package struct ReportTemplateError: Error, Hashable, Sendable, CustomStringConvertible {
  package var file: String
  package var problem: String

  package var description: String { "report template \(file): \(problem)" }
}
