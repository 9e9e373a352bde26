import Assessments
import Tensors

/// The values along a feature's effect in a reader's words.
struct EffectText: Sendable {
  private let effect: FeatureEffect
  private let text: FeatureText
  private let feature: Feature?

  init(_ effect: FeatureEffect, _ input: InputSpecification) {
    self.effect = effect
    text = FeatureText(input, effect.feature)
    feature = input.features.indices.contains(effect.feature) ? input.features[effect.feature] : nil
  }

  /// The value at a point: with its unit, or a category's name.
  func value(_ point: Int) -> String { text.text(effect.points[point]) }

  /// The feature's name with its unit, so long as it fits a chart.
  var axis: String {
    let name = effect.name.count <= 36 ? effect.name : effect.name.prefix(35) + "…"
    // A unit that does not fit is left out rather than cut.
    return feature?.unit.flatMap { $0.count <= 12 ? "\(name) (\($0))" : nil } ?? name
  }

  /// The horizontal axis: levels go by their names if all fit, else by their number.
  var form: EffectChart.Form {
    guard effect.form == .levels else { return .numbers }
    return .levels(namesFit ? names : effect.points.indices.map { "\($0 + 1)" })
  }

  /// What the numbers of levels stand for; nil where names stand in the chart.
  var key: String? {
    guard effect.form == .levels, !namesFit else { return nil }
    return names.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", ")
  }

  private var names: [String] {
    effect.points.map { point in
      let code = Int(exactly: point) ?? -1
      guard let categories = feature?.categories, categories.indices.contains(code) else {
        return NumberText.plain(point)
      }
      return categories[code]
    }
  }

  private var namesFit: Bool {
    let limit = EffectChart.labelLength(levels: effect.points.count)
    return names.allSatisfy { $0.count <= limit }
  }
}
