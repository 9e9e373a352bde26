package import Foundation

/// The skeleton, the style and the words of reports: built in, or a user's own in their place.
package struct ReportTemplates: Hashable, Sendable {
  /// The page, with `{{title}}`, `{{style}}` and `{{body}}` where those belong, and `{{language}}`
  /// where it states its language.
  package var page: String
  /// The style on screens and of what browsers print.
  package var style: String
  /// The style of printed pages, in what WeasyPrint 57 knows: no variables, no grid.
  package var print: String
  /// The style of drawings on printed pages.
  package var drawing: String
  /// Every visible sentence by its key; `{name}` stands for a value.
  package var words: [String: String]
  /// The code of the words' language: "en".
  package var language: String

  /// The codes of the languages that were compiled into the program.
  package static let languages = ["en", "de"]

  /// The templates that were compiled into the program.
  ///
  /// - Precondition: the language is one of `languages`.
  package static func builtIn(language: String = "en") throws -> ReportTemplates {
    ReportTemplates(
      page: String(decoding: PackageResources.page_html, as: UTF8.self),
      style: String(decoding: PackageResources.style_css, as: UTF8.self),
      print: String(decoding: PackageResources.print_css, as: UTF8.self),
      drawing: String(decoding: PackageResources.drawing_css, as: UTF8.self),
      words: try decodedWords(Data(bytes(of: language)), of: "words/\(language).json"),
      language: language)
  }

  private static func bytes(of language: String) -> [UInt8] {
    switch language {
    case "en": PackageResources.en_json
    case "de": PackageResources.de_json
    default:
      preconditionFailure(
        "expected one of \(languages.joined(separator: ", ")), got '\(language)'")
    }
  }

  /// The built-in templates with whichever of these files the folder holds in their place.
  ///
  /// A words file, `words.json`, may hold only the sentences that differ from the language's.
  ///
  /// - Throws: `ReportTemplateError` where a file cannot be used.
  package static func overridden(
    by folder: URL, language: String = "en"
  ) throws -> ReportTemplates {
    var templates = try builtIn(language: language)
    if let page = try contents(of: folder.appending(path: "page.html")) {
      let text = String(decoding: page, as: UTF8.self)
      for mark in ["{{title}}", "{{style}}", "{{body}}"] where !text.contains(mark) {
        throw ReportTemplateError(file: "page.html", problem: "\(mark) is missing")
      }
      templates.page = text
    }
    let styles: [(String, WritableKeyPath<ReportTemplates, String>)] = [
      ("style.css", \.style), ("print.css", \.print), ("drawing.css", \.drawing),
    ]
    for (name, style) in styles {
      guard let contents = try contents(of: folder.appending(path: name)) else { continue }
      templates[keyPath: style] = String(decoding: contents, as: UTF8.self)
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
