/// One line of a table in CSV that no spreadsheet takes for anything but data.
///
/// Cells with a comma, a quote or a line break are quoted, quotes doubled, lines end in CR LF. A cell
/// that a spreadsheet would take for a formula begins with an apostrophe, unless it is a number.
///
/// - Source: Shafranovich 2005, RFC 4180, section 2.
package struct CSVRow: Hashable, Sendable {
  var cells: [String]

  package init(_ cells: [String]) { self.cells = cells }

  /// The line with its end.
  package var text: String { cells.map(Self.quoted).joined(separator: ",") + "\r\n" }

  /// What spreadsheets begin formulas with, in both widths of the characters, or skip before one.
  private static let formulaBeginnings: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]

  /// The cell with an apostrophe before what could be a formula.
  static func neutralized(_ cell: String) -> String {
    guard let first = cell.unicodeScalars.first, formulaBeginnings.contains(first),
      cell.wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/) == nil
    else { return cell }
    return "'" + cell
  }

  private static func quoted(_ cell: String) -> String {
    let cell = neutralized(cell)
    // Scalars, not characters: CR LF is one character.
    let needsQuotes = cell.unicodeScalars.contains { [",", "\"", "\r", "\n"].contains($0) }
    guard needsQuotes else { return cell }
    var result = "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
