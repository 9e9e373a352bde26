import Tensors

/// One raw value of an input in a reader's words: its name, its value, its change.
struct FeatureText: Sendable {
  let name: String
  private let feature: Feature?

  /// The value at a row-major position of a sample, in the given words or else in English.
  init(_ specification: InputSpecification, _ position: Int, _ words: Words? = nil) {
    feature =
      specification.layout == .table && specification.features.indices.contains(position)
      ? specification.features[position] : nil
    name =
      feature?.name ?? words?("feature.position", ["number": "\(position)"])
      ?? "position \(position)"
  }

  /// The value with its unit, or the name of its category.
  func text(_ value: Double) -> String {
    if let feature, feature.categories.indices.contains(Int(exactly: value) ?? -1) {
      return feature.text(for: value)
    }
    return number(value) + (feature?.unit.map { "\u{A0}\($0)" } ?? "")
  }

  /// The difference with its unit; a category has none.
  func change(from before: Double, to after: Double) -> String {
    guard feature?.kind != .categorical, feature?.categories.isEmpty ?? true else { return "↔" }
    let difference = after - before
    let sign = difference > 0 ? "+" : ""
    return sign + number(difference) + (feature?.unit.map { "\u{A0}\($0)" } ?? "")
  }

  /// Whole numbers in full, others to four digits.
  private func number(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return NumberText.count(whole) }
    // Beyond four digits decimals say nothing, and groups help.
    if abs(value) >= 1_000, abs(value) < 1e15 { return NumberText.count(Int(value.rounded())) }
    return NumberText.decimal(value, digits: 4)
  }
}
