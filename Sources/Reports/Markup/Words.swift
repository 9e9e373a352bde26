package import ReportTemplates

/// The report's sentences in one language, with values put in.
package struct Words: Sendable {
  /// The language's code: "en".
  let language: String
  private let sentences: [String: String]

  package init(_ templates: ReportTemplates) {
    language = templates.language
    sentences = templates.words
  }

  /// A sentence, with each `{name}` replaced by its value in one pass.
  ///
  /// - Precondition: the key is one of `words/en.json`; a test compares the two.
  package func callAsFunction(
    _ key: String, _ values: KeyValuePairs<String, String> = [:]
  ) -> String {
    self(key, values.map { (name: $0.key, value: $0.value) })
  }

  /// A sentence with values that were put together elsewhere.
  package func callAsFunction(_ key: String, _ values: [(name: String, value: String)]) -> String {
    guard let sentence = sentences[key] else {
      preconditionFailure("expected a sentence for '\(key)' in the words, got none")
    }
    // One pass, so that a value that looks like a placeholder stays what it is.
    var result = ""
    var rest = sentence[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[open...]
      guard let close = rest.firstIndex(of: "}") else { break }
      let name = rest[rest.index(after: open)..<close]
      // A value that runs from right to left must not reorder the sentence around it.
      result +=
        values.first { $0.name == name }.map { WritingDirection.isolated($0.value) }
        ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The sentence of a key that records made up, nil where the words have none.
  func ifKnown(_ key: String) -> String? { sentences[key] }

  /// Text that the audit recorded: it stays in English, and other languages' pages say so.
  func recorded(_ text: String) -> Markup {
    language == "en" || text.isEmpty ? "\(text)" : "<span lang=\"en\">\(text)</span>"
  }

  /// How the language writes numbers.
  var numbers: NumberStyle {
    NumberStyle(
      decimalMark: self("number.decimalMark"), groupMark: self("number.groupMark"),
      listMark: self("number.listMark"), rangeWord: self("number.range"),
      undefined: self("number.undefined"))
  }

  /// Runs something within which `NumberText` writes numbers as the language does.
  package func writingNumbers<Result>(_ body: () throws -> Result) rethrows -> Result {
    try NumberText.$style.withValue(numbers, operation: body)
  }
}
