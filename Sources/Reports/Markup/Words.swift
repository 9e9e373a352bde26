import ReportTemplates

/// The report's sentences, with values put in.
struct Words: Sendable {
  private let sentences: [String: String]

  init(_ templates: ReportTemplates) { sentences = templates.words }

  /// A sentence, with each `{name}` replaced by its value in one pass.
  ///
  /// - Precondition: the key is one of `words.json`; a test compares the two.
  func callAsFunction(
    _ key: String, _ values: KeyValuePairs<String, String> = [:]
  ) -> String {
    guard let sentence = sentences[key] else {
      preconditionFailure("expected a sentence for '\(key)' in words.json, got none")
    }
    // One pass, so that a value that looks like a placeholder stays what it is.
    var result = ""
    var rest = sentence[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[open...]
      guard let close = rest.firstIndex(of: "}") else { break }
      let name = rest[rest.index(after: open)..<close]
      result += values.first { $0.key == name }?.value ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
