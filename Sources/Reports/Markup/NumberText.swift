import Foundation

/// Numbers as readers see them: fixed forms that depend on no locale.
///
/// A page in another language is made within `Words.writingNumbers`, which binds that language's
/// marks for the time in which the page is put together; everything else writes English ones.
package enum NumberText {
  @TaskLocal static var style = NumberStyle.english

  /// A fraction as a percentage with one decimal: "97.5 %".
  package static func percent(_ fraction: Double) -> String {
    fraction.isFinite ? fixed(100 * fraction, decimals: 1) + "\u{A0}%" : symbol(fraction)
  }

  /// An interval of fractions: "96.1–98.4 %".
  static func percentRange(_ lower: Double, _ upper: Double) -> String {
    "\(fixed(100 * lower, decimals: 1))–\(fixed(100 * upper, decimals: 1))\u{A0}%"
  }

  /// A number to the given significant digits, with an exponent only where it is very small or large.
  package static func decimal(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return symbol(value) }
    guard value != 0 else { return "0" }
    let exponent = Int(log10(abs(value)).rounded(.down))
    if exponent < -4 || exponent > 6 {
      return marked(trimmedExponent(String(format: "%.\(digits - 1)e", value)))
    }
    return fixed(value, decimals: max(0, digits - 1 - exponent))
  }

  /// A number without superfluous zeros: the ε and thresholds that people wrote.
  package static func plain(_ value: Double) -> String {
    guard value.isFinite else { return symbol(value) }
    // Through Float, so that 0.1 stored in single precision reads as it was written.
    let short = "\(Float(value))"
    return marked(short.hasSuffix(".0") ? String(short.dropLast(2)) : short)
  }

  /// Several numbers as `plain` writes them: "0.1, 0.3".
  static func list(_ values: [Double]) -> String {
    values.map(plain).joined(separator: style.listMark)
  }

  /// An interval that may be negative: "−0.2 to 0.4".
  static func range(_ lower: Double, _ upper: Double) -> String {
    "\(decimal(lower)) \(style.rangeWord) \(decimal(upper))"
  }

  /// A number with its sign: "+0.31", "−0.31", "0".
  static func signed(_ value: Double, digits: Int = 3) -> String {
    (value > 0 ? "+" : "") + decimal(value, digits: digits)
  }

  /// A whole number in groups of three: "12,345".
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var groups: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
      groups.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    groups.insert(rest, at: 0)
    return (value < 0 ? "−" : "") + groups.joined(separator: style.groupMark)
  }

  /// A coordinate: at most two decimals, "-0" avoided, an ASCII minus.
  static func coordinate(_ value: Double) -> String {
    var text = String(format: "%.2f", value)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  /// A number with exactly so many decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return marked(isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text)
  }

  /// An ISO 8601 time in UTC as "2026-03-02 09:15 UTC"; any other text as it is.
  package static func moment(_ text: String) -> String {
    let parts = text.split(separator: "T")
    guard parts.count == 2, text.hasSuffix("Z"), parts[1].count >= 6 else { return text }
    return "\(parts[0]) \(parts[1].prefix(5)) UTC"
  }

  /// A number as this program writes it, with the language's decimal mark and a true minus sign.
  private static func marked(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "-": result += "−"
      case ".": result += style.decimalMark
      default: result.append(character)
      }
    }
    return result
  }

  private static func symbol(_ value: Double) -> String {
    value.isNaN ? style.undefined : (value > 0 ? "∞" : "−∞")
  }

  /// "3.10e-07" as "3.10e-7".
  private static func trimmedExponent(_ text: String) -> String {
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
    return "\(parts[0])e\(exponent)"
  }
}
