import Explanations
import Statistics
import Tensors

/// How strongly each pair of a table's features goes together among samples.
struct FeatureAssociations: Sendable {
  /// One a pair, first < second; a pair with a constant feature has none.
  let pairs: [FeatureAssociation]
  private let featureCount: Int

  /// Associations of columns of raw values, one a feature.
  init(_ features: [Feature], columns: [[Double]]) {
    featureCount = features.count
    let variables = zip(features, columns).map { Variable($0, $1) }
    pairs = features.indices.flatMap { first in
      (first + 1..<max(features.count, first + 1)).compactMap { second in
        variables[first].association(with: variables[second]).map {
          FeatureAssociation(first: first, second: second, value: $0.value, method: $0.method)
        }
      }
    }
  }

  /// The groups of more than one feature whose mean association is at least a limit.
  func groups(limit: Double) -> [[Int]] {
    var distances = (0..<featureCount).map { row in
      (0..<featureCount).map { $0 == row ? 0 : 1.0 }
    }
    for pair in pairs {
      distances[pair.first][pair.second] = 1 - pair.value
      distances[pair.second][pair.first] = 1 - pair.value
    }
    return AverageLinkage.clusters(distances, limit: 1 - limit).filter { $0.count > 1 }
  }
}

/// A feature's values, prepared for comparisons with all others.
private struct Variable {
  let isCategorical: Bool
  let values: [Double]
  let codes: [Int]
  let ranks: [Double]

  init(_ feature: Feature, _ values: [Double]) {
    isCategorical = feature.kind == .categorical
    self.values = values
    codes = isCategorical ? values.map { Int($0) } : []
    ranks = isCategorical ? [] : VectorComparison.ranks(values)
  }

  func association(
    with other: Variable
  ) -> (value: Double, method: FeatureAssociation.Method)? {
    switch (isCategorical, other.isCategorical) {
    case (false, false):
      VectorComparison.pearson(ranks, other.ranks).map { (abs($0), .spearman) }
    case (true, true):
      Association.cramersV(codes, other.codes).map { ($0, .cramersV) }
    case (true, false):
      Association.correlationRatio(of: other.values, in: codes).map { ($0, .correlationRatio) }
    case (false, true):
      Association.correlationRatio(of: values, in: other.codes).map { ($0, .correlationRatio) }
    }
  }
}
