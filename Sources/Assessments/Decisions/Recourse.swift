import Tensors

/// Which values one applicant's features may take.
///
/// Values stay between the smallest and the largest of the population, within the stated range, whole
/// where they have to be, and on the allowed side of the applicant's own.
struct Recourse: Sendable {
  let own: [Float]
  private let features: [Feature]
  private let limits: [ClosedRange<Double>]

  init(_ own: [Float], _ scale: PopulationScale) {
    self.own = own
    features = scale.features
    limits = zip(zip(scale.features, scale.scales), own).map { pair, own in
      let ((feature, scale), own) = (pair, Double(own))
      guard feature.isMutable else { return own...own }
      let valid = feature.validRange ?? ValueRange()
      // Every category may be taken, also one that nobody in the population has.
      let lower = max(valid.lower ?? -.infinity, feature.isNominal ? -.infinity : scale.lower)
      let upper = min(valid.upper ?? .infinity, feature.isNominal ? .infinity : scale.upper)
      // The own value is allowed whatever it is.
      let start = feature.direction == .increase ? own : min(lower, own)
      let end = feature.direction == .decrease ? own : max(upper, own)
      return start...end
    }
  }

  /// Whether a number lies within the feature's limits.
  func allows(_ value: Float, _ feature: Int) -> Bool { limits[feature].contains(Double(value)) }

  /// The features with another value that they may take.
  var free: [Int] { features.indices.filter { !values($0, count: 1).isEmpty } }

  /// Another applicant's values, as far as they may be taken over.
  func adopted(_ other: [Float]) -> [Float] {
    own.indices.map { limits[$0].contains(Double(other[$0])) ? other[$0] : own[$0] }
  }

  /// Values that a feature may take instead of its own, in ascending order.
  ///
  /// All of them where there are no more than wanted; evenly spread ones with both limits else.
  func values(_ feature: Int, count: Int) -> [Float] {
    let limit = limits[feature]
    guard limit.lowerBound < limit.upperBound else { return [] }
    let low = features[feature].isDiscrete ? limit.lowerBound.rounded(.up) : limit.lowerBound
    let high = features[feature].isDiscrete ? limit.upperBound.rounded(.down) : limit.upperBound
    let wanted = features[feature].isNominal ? Int.max : count
    var found: [Float]
    if features[feature].isDiscrete, high - low <= Double(wanted) {
      found = stride(from: low, through: high, by: 1).map { Float($0) }
    } else {
      found = Self.spread(count, low, high, isWhole: features[feature].isDiscrete)
    }
    found.removeAll { $0 == own[feature] || !limit.contains(Double($0)) }
    return found
  }

  /// Values strictly between two, the first nearest to `start`; all of them where they are few.
  func between(_ feature: Int, _ start: Float, _ end: Float, count: Int) -> [Float] {
    let (low, high) = (Double(start), Double(end))
    let isWhole = features[feature].isDiscrete
    let steps = isWhole ? Swift.min(abs(high - low), Double(count + 1)) : Double(count + 1)
    guard steps > 1 else { return [] }
    var found: [Float] = []
    for step in 1..<Int(steps) {
      let value = low + (high - low) * Double(step) / steps
      let candidate = Float(isWhole ? value.rounded() : value)
      if candidate != start, candidate != end, candidate != found.last { found.append(candidate) }
    }
    return found
  }

  /// The number of combinations of values, own ones included; nil where a feature is continuous or
  /// there are more than so many.
  func combinationCount(atMost limit: Int) -> Int? {
    var count = 1
    for feature in free {
      guard features[feature].isDiscrete else { return nil }
      let width = limits[feature].upperBound - limits[feature].lowerBound + 1
      guard width <= Double(limit) else { return nil }
      count *= values(feature, count: limit).count + 1
      guard count <= limit else { return nil }
    }
    return count
  }

  /// Every combination of allowed values but the own.
  ///
  /// - Precondition: `combinationCount` knows how many.
  func combinations(atMost limit: Int) -> [[Float]] {
    var found = [own]
    for feature in free {
      let options = values(feature, count: limit)
      found = found.flatMap { base in
        [base]
          + options.map { value in
            var changed = base
            changed[feature] = value
            return changed
          }
      }
    }
    return Array(found.dropFirst())
  }

  private static func spread(
    _ count: Int, _ low: Double, _ high: Double, isWhole: Bool
  ) -> [Float] {
    var found: [Float] = []
    for step in 0...count {
      let value = low + (high - low) * Double(step) / Double(count)
      let candidate = Float(isWhole ? value.rounded() : value)
      if candidate != found.last { found.append(candidate) }
    }
    return found
  }
}
