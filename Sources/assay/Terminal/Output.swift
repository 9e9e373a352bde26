import Foundation
import Reports

/// What commands print on standard output.
enum Output {
  static func line(_ text: String = "") {
    StandardStream.output.write(Data((text + "\n").utf8))
  }

  /// A value as JSON with sorted keys, so that the same value prints the same bytes.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// A value as JSON on one line.
  static func jsonLine(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Text of data and of people on one line: it cannot move the cursor, nor pass for another row.
  static func harmless(_ text: String) -> String { DisplayText.line(text, limit: 400) }

  /// Rows under headings, columns aligned; numbers should come formatted.
  static func table(_ headings: [String], _ rows: [[String]]) {
    let rows = rows.map { $0.map(harmless) }
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    for row in [headings] + rows {
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      line(cells.joined(separator: "  ").trimmingTrailingSpaces)
    }
  }

  /// A fraction as a percentage with one decimal: "97.4 %".
  static func percent(_ fraction: Double) -> String {
    String(format: "%.1f %%", fraction * 100)
  }

  /// A number with as many digits as say something: "0.0123", "12.5".
  static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
