/// Well-formed markup: what is interpolated as text is escaped, what is markup stays markup.
///
///     let cell: Markup = "<td>\(name)</td>"      // safe whatever the name contains
///
/// The type makes forgetting to escape impossible: only literals of this program are taken as they
/// are.
package struct Markup: Hashable, Sendable, ExpressibleByStringInterpolation {
  package private(set) var source: String

  package init(stringLiteral value: String) { source = value }
  package init(stringInterpolation: Interpolation) { source = stringInterpolation.source }
  private init(source: String) { self.source = source }

  /// Text, escaped.
  package init(text: String) { source = Self.escaped(text) }

  /// Markup of a trusted template, taken as it is.
  static func trusted(_ source: String) -> Markup { Markup(source: source) }

  package static let empty: Markup = ""

  package var isEmpty: Bool { source.isEmpty }

  package static func + (left: Markup, right: Markup) -> Markup {
    Markup(source: left.source + right.source)
  }

  /// Text in which nothing can be taken for markup, inside elements and quoted attributes alike.
  ///
  /// Characters that XML forbids, that control terminals or that turn the direction of writing round
  /// become U+FFFD, so that the result always parses and leaves what stands beside it alone.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in WritingDirection.isolated(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\r": result += "&#13;"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      case _ where WritingDirection.isOverride(scalar): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity)
    }
    package mutating func appendLiteral(_ literal: String) { source += literal }
    package mutating func appendInterpolation(_ text: String) { source += Markup.escaped(text) }
    package mutating func appendInterpolation(_ number: Int) { source += String(number) }
    package mutating func appendInterpolation(_ markup: Markup) { source += markup.source }
    package mutating func appendInterpolation(_ lines: [Markup]) {
      source += lines.map(\.source).joined(separator: "\n")
    }
    /// A coordinate of a drawing: at most two decimals.
    package mutating func appendInterpolation(_ coordinate: Double) {
      source += NumberText.coordinate(coordinate)
    }
  }
}

extension Sequence<Markup> {
  /// The pieces one after another, a line each.
  package var joined: Markup { "\(Array(self))" }
}
