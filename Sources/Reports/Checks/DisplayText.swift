/// Text that strangers may have chosen, as one harmless line of bounded length.
///
/// What it becomes in a format, its markup above all, is that format's business.
package enum DisplayText {
  /// The line with at most so many Unicode scalars, the last an ellipsis where some are missing.
  ///
  /// Line breaks and tabs become spaces; what controls terminals or the direction of writing, or
  /// shows nothing, becomes U+FFFD. Characters are kept whole.
  package static func line(_ text: String, limit: Int = 80) -> String {
    precondition(limit > 0, "expected a positive limit, got \(limit)")
    let shown = text.unicodeScalars.prefix(limit + 1).map(Self.shown)
    var line = String(String.UnicodeScalarView(shown))
    guard shown.count > limit else { return line }
    // The last character may have lost its end, and the ellipsis wants a place.
    line.removeLast()
    if line.unicodeScalars.count == limit { line.removeLast() }
    return line + "…"
  }

  /// What stands for a scalar within a line.
  static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .lineSeparator, .paragraphSeparator: " "
    case .control: ["\t", "\n", "\r", "\u{0B}", "\u{0C}", "\u{85}"].contains(scalar) ? " " : hidden
    // Joiners belong to emoji and to several scripts; every other format character is invisible.
    case .format: ["\u{200C}", "\u{200D}"].contains(scalar) ? scalar : hidden
    default: scalar
    }
  }

  private static let hidden: Unicode.Scalar = "\u{FFFD}"

  /// The text as a sentence: with a full stop unless it ends in a mark of its own.
  static func sentence(_ text: String) -> String {
    text.isEmpty || [".", "!", "?", "…"].contains(text.last) ? text : text + "."
  }

  /// The first of several names, and how many more there are: "a, b and 3 more".
  static func list(_ names: [String], limit: Int) -> String {
    let listed = names.prefix(limit).joined(separator: ", ")
    let rest = names.count - limit
    return rest > 0 ? "\(listed) and \(NumberText.count(rest)) more" : listed
  }
}
