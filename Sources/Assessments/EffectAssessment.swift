/// How a model's answers change with a single feature, the others as they are found with it.
///
/// Accumulated local effects: they stay where there are data, unlike curves that move one feature
/// over its whole range whatever the others are. They say nothing outside the observed values.
///
/// - Source: Apley and Zhu 2020, "Visualizing the effects of predictor variables in black box
///   supervised learning models", arXiv:1612.08468.
public struct EffectAssessment: Codable, Hashable, Sendable {
  /// What changes.
  public enum Scale: String, Codable, Hashable, Sendable, CaseIterable {
    case probability
    /// log(p / (1 − p))
    case logOdds
  }

  /// The classes whose probability is followed.
  public var targets: [Int]
  public var scale: Scale
  /// The number of samples.
  public var count: Int
  /// In the order in which they were asked for.
  public var features: [FeatureEffect]
  /// Features that were asked for and have one value only among the samples, by name.
  public var constantFeatures: [String]
}

/// The effect of one feature.
public struct FeatureEffect: Codable, Hashable, Sendable {
  /// Where the effect is known.
  public enum Form: String, Codable, Hashable, Sendable {
    /// At the ends of intervals of a number, straight in between.
    case intervals
    /// At single values: whole numbers, two codes, categories.
    case levels
  }

  /// The position among the table's features.
  public var feature: Int
  public var name: String
  public var form: Form
  /// The ends of the intervals, or the levels: ascending, categories by their similarity.
  public var points: [Double]
  /// The samples in each interval, or at each level.
  public var counts: [Int]
  /// One a target.
  public var curves: [EffectCurve]
}

/// The effect on one class, its mean over the samples 0.
public struct EffectCurve: Codable, Hashable, Sendable {
  /// At each point.
  public var values: [Double]
  /// Of each value, the points and their weights taken as given.
  public var standardErrors: [Double]

  /// The largest value less the smallest.
  public var span: Double { (values.max() ?? 0) - (values.min() ?? 0) }
}
