import Audits
import Checks

/// Numbers as readers see them, with the exact value beside for whoever copies them out of a page.
enum ExactNumber {
  /// A text with the number that it stands for.
  static func markup(_ value: Double, _ text: String) -> Markup {
    let exact: String = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    return "<data value=\"\(exact)\">\(text)</data>"
  }

  /// A whole number.
  static func count(_ value: Int) -> Markup { named(value, NumberText.count(value)) }

  /// A name with the number that stands for it in records.
  static func named(_ value: Int, _ name: String) -> Markup {
    "<data value=\"\(value)\">\(name)</data>"
  }

  /// A value of a measure, a dash where there is none.
  static func value(_ value: Double?, isFraction: Bool) -> Markup {
    guard let value else { return "–" }
    return markup(value, isFraction ? NumberText.percent(value) : NumberText.decimal(value))
  }

  /// A difference of two values: "+2.5 points", "−0.031".
  static func difference(_ value: Double?, isFraction: Bool) -> Markup {
    guard let value else { return "–" }
    return markup(value, isFraction ? NumberText.points(value) : NumberText.signed(value))
  }
}

extension NumberText {
  /// A difference of fractions in percentage points with its sign: "+2.5 points".
  static func points(_ difference: Double) -> String {
    signedPoints(difference) + "\u{A0}points"
  }

  /// The same without the unit.
  static func signedPoints(_ difference: Double) -> String {
    (difference > 0 ? "+" : "") + fixed(100 * difference, decimals: 1)
  }
}
