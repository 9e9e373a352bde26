public import Statistics

/// What a model's answers rest on: how much worse they get when a part of the input is shuffled.
///
/// - Source: Breiman 2001, "Random forests", Machine Learning 45, section 10; for any model Fisher,
///   Rudin and Dominici 2019, arXiv:1801.01489.
public struct ImportanceAssessment: Codable, Hashable, Sendable {
  /// The features of a table, or the channels and patches of what is none, in their order.
  public var parts: [PartImportance]
  /// Features that go together, shuffled together.
  public var groups: [GroupImportance]
  /// Features are in one group while the mean association between them is at least this.
  public var associationLimit: Double
  /// The pairs whose association reaches the limit, strongest first.
  public var associations: [FeatureAssociation]
  /// How often each part was shuffled.
  public var repeats: Int
  public var seed: UInt64
  /// The number of samples.
  public var count: Int
  /// The mean of −log of the true class's probability before anything is shuffled, in nats.
  public var logLoss: Double
  /// The share of right answers before anything is shuffled.
  public var accuracy: Double

  /// How many parts may well not matter: the interval of their loss increase includes 0.
  public var unclearCount: Int { parts.count { $0.loss.includesZero } }

  /// The positions of the parts from the largest loss increase on, equal ones in their order.
  public var order: [Int] {
    parts.indices.sorted { (parts[$1].loss.mean, $0) < (parts[$0].loss.mean, $1) }
  }

  /// The features of a table that matter most, none of which the model ignores.
  public func mostImportantFeatures(_ count: Int) -> [Int] {
    let features = order.filter { parts[$0].kind == .feature && parts[$0].loss.mean != 0 }
    return Array(features.prefix(count))
  }
}

/// How much one part of the input matters.
public struct PartImportance: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Hashable, Sendable { case feature, channel, patch }

  /// Where a patch lies, in pixels from the upper left corner.
  public struct Area: Codable, Hashable, Sendable {
    public var row: Int
    public var column: Int
    public var height: Int
    public var width: Int
  }

  public var name: String
  public var kind: Kind
  /// Nil unless the part is a patch.
  public var area: Area?
  /// Log loss after shuffling less before, in nats: positive where the model relies on the part.
  public var loss: ImportanceEstimate
  /// Accuracy before shuffling less after: positive where the model relies on the part.
  public var accuracy: ImportanceEstimate
}

/// Features that go together: no other rows are made of them than shuffling them together makes.
public struct GroupImportance: Codable, Hashable, Sendable {
  /// Positions among the parts.
  public var members: [Int]
  public var loss: ImportanceEstimate
  public var accuracy: ImportanceEstimate
}

/// A mean over repetitions and samples, never cut at 0.
public struct ImportanceEstimate: Codable, Hashable, Sendable {
  /// With the interval over samples.
  public var estimate: IntervalEstimate
  /// The standard deviation of the repetitions' means over √repetitions: what the draw of
  /// permutations alone does.
  public var standardError: Double

  public var mean: Double { estimate.value ?? 0 }

  public var includesZero: Bool { (estimate.lower ?? 0) <= 0 && (estimate.upper ?? 0) >= 0 }
}

/// How strongly two features go together.
public struct FeatureAssociation: Codable, Hashable, Sendable {
  public enum Method: String, Codable, Hashable, Sendable {
    /// |Spearman's ρ| of two numbers.
    case spearman
    /// Cramér's V of two categories, corrected for bias.
    case cramersV
    /// The correlation ratio η of a number in categories.
    case correlationRatio
  }

  /// Positions among the parts.
  public var first: Int
  public var second: Int
  /// From 0 to 1.
  public var value: Double
  public var method: Method
}
