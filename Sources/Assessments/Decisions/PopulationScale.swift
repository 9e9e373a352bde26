import Statistics
import Tensors

/// Costs of changes and distances between applicants, in units of a population.
struct PopulationScale: Sendable {
  /// At most so many applicants are looked at for the median distance of neighbours.
  static let medianLimit = 200

  let features: [Feature]
  let scales: [FeatureScale]
  private let rows: [[Float]]

  init(_ population: Applicants, features: [Feature]) {
    self.features = features
    rows = population.raw
    scales = features.enumerated().map { column, feature in
      FeatureScale(feature, values: population.raw.map { Double($0[column]) })
    }
  }

  /// What changing one feature costs.
  func cost(_ feature: Int, from: Float, to: Float) -> Double {
    guard from != to else { return 0 }
    return features[feature].isNominal
      ? 1 : abs(Double(to) - Double(from)) / scales[feature].width
  }

  /// What changing an applicant's values costs.
  func cost(from: [Float], to: [Float]) -> Double {
    features.indices.reduce(0) { $0 + cost($1, from: from[$1], to: to[$1]) }
  }

  /// The mean over features of what two applicants differ by, each from 0 to 1.
  ///
  /// Numbers by their share of the population's range, categories by 0 or 1.
  ///
  /// - Source: Gower 1971, "A general coefficient of similarity and some of its properties".
  func distance(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for feature in features.indices where a[feature] != b[feature] {
      let range = scales[feature].upper - scales[feature].lower
      let gap = abs(Double(a[feature]) - Double(b[feature]))
      sum += features[feature].isNominal || range == 0 ? 1 : min(gap / range, 1)
    }
    return sum / Double(features.count)
  }

  /// The distance to the nearest applicant of the population but one; nil without any.
  func nearestDistance(_ values: [Float], except own: Int?) -> Double? {
    var nearest = Double.infinity
    for row in rows.indices where row != own {
      nearest = min(nearest, distance(values, rows[row]))
    }
    return nearest.isFinite ? nearest : nil
  }

  /// The median over applicants, evenly spread, of the distance to the nearest other.
  var medianNeighbourDistance: Double? {
    let chosen = EvenSpread.positions(Self.medianLimit, of: rows.count)
    return Bootstrap.median(chosen.compactMap { nearestDistance(rows[$0], except: $0) })
  }
}

extension FeatureScale {
  init(_ feature: Feature, values: [Double]) {
    let lower = values.min() ?? 0
    let upper = values.max() ?? 0
    let middle = Bootstrap.median(values) ?? 0
    let deviation = Bootstrap.median(values.map { abs($0 - middle) }) ?? 0
    let (basis, width): (Basis, Double) =
      if feature.isNominal {
        (.category, 1)
      } else if deviation > 0 {
        (.medianAbsoluteDeviation, deviation)
      } else if upper > lower {
        (.range, upper - lower)
      } else {
        (.unit, 1)
      }
    self.init(feature: feature.name, basis: basis, width: width, lower: lower, upper: upper)
  }
}
