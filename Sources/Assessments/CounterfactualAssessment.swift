public import Statistics

/// What declined applicants would have to change to be accepted.
///
/// Features that nobody can change, ranges, whole numbers and directions are respected; every
/// counterfactual was given to the model again. They are found by search: cheaper ones may exist.
public struct CounterfactualAssessment: Codable, Hashable, Sendable {
  /// At most so many are offered to an applicant.
  public static let offeredLimit = 3

  public var rule: DecisionRule
  public var auditedCount: Int
  public var declinedCount: Int
  public var source: PopulationSource
  public var populationCount: Int
  public var acceptedCount: Int
  /// What changes are measured in, one a feature.
  public var scales: [FeatureScale]
  /// The median distance of a real applicant to the nearest other one; nil with fewer than two.
  public var medianNeighbourDistance: Double?
  /// The declined for whom counterfactuals were sought, evenly spread, in their order.
  public var applicants: [CounterfactualApplicant]
  /// The share of these for whom none was found.
  public var withoutRecourse: IntervalEstimate
  /// Those that were found but did not pass the separate check, and are not offered.
  public var refusedCount: Int
}

/// What one declined applicant could change.
public struct CounterfactualApplicant: Codable, Hashable, Sendable {
  /// The applicant's index in the data set.
  public var sample: Int
  /// The probability of the favourable class.
  public var probability: Double
  /// The cheapest first; they differ in which features change.
  public var counterfactuals: [Counterfactual]
  /// Why there are none; nil where there are some.
  public var noRecourse: NoRecourse?
  /// The cost of the nearest accepted applicant's values, as far as they may be taken over; nil where
  /// no accepted applicant's lead to acceptance.
  public var nearestUnlikeCost: Double?
}

/// Values with which an applicant would be accepted.
public struct Counterfactual: Codable, Hashable, Sendable {
  /// A feature that changes.
  public struct Change: Codable, Hashable, Sendable {
    public var feature: String
    public var from: Double
    public var to: Double
    /// In words.
    public var fromText: String
    public var toText: String
  }

  /// All raw values, in the order of the features.
  public var values: [Float]
  public var changes: [Change]
  /// Σ |change| / the feature's scale; a changed category costs 1.
  public var cost: Double
  /// The probability of the favourable class with these values.
  public var probability: Double
  /// The Gower distance to the nearest real applicant but this one.
  public var nearestDistance: Double?
}

/// Why no counterfactual is offered.
public struct NoRecourse: Codable, Hashable, Sendable {
  public enum Reason: String, Codable, Hashable, Sendable {
    /// No feature has another value that it may take.
    case nothingMutable = "nothing-mutable"
    /// Every combination of allowed values was tried.
    case noneExists = "none-exists"
    /// A search found none, which proves nothing.
    case noneFound = "none-found"
  }

  public var reason: Reason
  /// The largest probability of the favourable class that was met.
  public var bestProbability: Double
}

/// What changes of a feature are measured in.
public struct FeatureScale: Codable, Hashable, Sendable {
  public enum Basis: String, Codable, Hashable, Sendable {
    /// A changed category costs 1.
    case category
    case medianAbsoluteDeviation = "median-absolute-deviation"
    /// The range of the population's values, where more than half of them are equal.
    case range
    /// 1, where all of the population's values are equal.
    case unit
  }

  public var feature: String
  public var basis: Basis
  /// In the feature's unit.
  public var width: Double
  /// The range of the population's values: no counterfactual leaves it.
  public var lower: Double
  public var upper: Double
}
