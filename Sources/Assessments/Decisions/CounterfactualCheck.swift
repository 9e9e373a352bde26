import Tensors

/// Whether values could be an applicant's after a change: written apart from the search.
enum CounterfactualCheck {
  /// What is wrong with changed values, a sentence; nil if nothing is.
  ///
  /// - Parameters:
  ///   - values: The changed raw values.
  ///   - own: The applicant's raw values.
  ///   - input: What the columns are.
  /// - Returns: The first rule that is broken.
  static func violation(
    _ values: [Float], of own: [Float], _ input: InputSpecification
  ) -> String? {
    guard values.count == own.count, values.count == input.features.count else {
      return "expected \(own.count) values, got \(values.count)"
    }
    for (column, feature) in input.features.enumerated() where values[column] != own[column] {
      if let broken = rule(brokenBy: values[column], insteadOf: own[column], feature) {
        return "'\(feature.name)' \(broken)"
      }
    }
    return values == own ? "nothing changes" : nil
  }

  private static func rule(
    brokenBy value: Float, insteadOf own: Float, _ feature: Feature
  ) -> String? {
    guard value.isFinite else { return "is no finite number" }
    guard feature.isMutable else { return "cannot be changed" }
    switch feature.direction {
    case .increase where value < own: return "may only increase"
    case .decrease where value > own: return "may only decrease"
    case .any, .increase, .decrease: break
    }
    switch feature.kind {
    case .continuous: break
    case .integer where value != value.rounded(): return "is no whole number"
    case .integer: break
    case .binary where value != 0 && value != 1: return "is neither 0 nor 1"
    case .binary: break
    case .categorical:
      guard let code = Int(exactly: value), feature.categories.indices.contains(code) else {
        return "is no category"
      }
    }
    guard feature.kind != .categorical, let range = feature.range else { return nil }
    return range.contains(Double(value)) ? nil : "leaves its range \(range)"
  }
}
