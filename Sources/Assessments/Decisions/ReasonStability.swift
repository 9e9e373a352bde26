import Explanations
public import Statistics

/// Whether one applicant's reasons stay when what they are measured from changes.
public struct ReasonStability: Codable, Hashable, Sendable {
  /// How another list of reasons agrees with the one that was given.
  public struct Agreement: Codable, Hashable, Sendable {
    /// Whether the first reason is the same: a share where there are several other lists.
    public var firstKept: Double
    /// Reasons in both lists / reasons in either (Jaccard), averaged.
    public var overlap: Double
    /// Spearman's ρ of all features' contributions, averaged; nil where undefined.
    public var rankCorrelation: Double?
  }

  /// With random halves of the reference population.
  public var halves: Agreement
  /// With applicants drawn from the whole population in place of the reference population.
  public var wholePopulation: Agreement
}

/// How stable reasons are on average, over the applicants who have some.
public struct ReasonStabilitySummary: Codable, Hashable, Sendable {
  public struct Means: Codable, Hashable, Sendable {
    public var firstKept: IntervalEstimate
    public var overlap: IntervalEstimate
    public var rankCorrelation: IntervalEstimate
  }

  /// The number of random halves.
  public var halfCount: Int
  /// The number of applicants drawn from the whole population.
  public var wholePopulationCount: Int
  public var halves: Means
  public var wholePopulation: Means
}

extension ReasonStability.Agreement {
  /// The mean agreement of some contributions with the given ones.
  init(of others: [[Double]], with contributions: [Double], _ selection: ReasonSelection) {
    let reasons = selection.reasons(contributions)
    var (first, overlap) = (0.0, 0.0)
    var correlations: [Double] = []
    for other in others {
      let found = selection.reasons(other)
      first += found.first == reasons.first ? 1 : 0
      overlap += Self.overlap(found, reasons)
      if let value = VectorComparison.spearman(other, contributions) { correlations.append(value) }
    }
    let count = Double(others.count)
    firstKept = first / count
    self.overlap = overlap / count
    rankCorrelation =
      correlations.isEmpty ? nil : correlations.reduce(0, +) / Double(correlations.count)
  }

  /// |A ∩ B| / |A ∪ B|; 1 for two empty lists.
  private static func overlap(_ a: [Int], _ b: [Int]) -> Double {
    let union = Set(a).union(b).count
    return union == 0 ? 1 : Double(Set(a).intersection(b).count) / Double(union)
  }
}

extension ReasonStabilitySummary {
  init(
    _ applicants: [DeclinedApplicant], halfCount: Int, wholePopulationCount: Int, seed: UInt64
  ) {
    let explained = applicants.filter { !$0.reasons.isEmpty }
    self.halfCount = halfCount
    self.wholePopulationCount = wholePopulationCount
    halves = Means(explained.map(\.stability.halves), seed: seed)
    wholePopulation = Means(explained.map(\.stability.wholePopulation), seed: seed)
  }
}

extension ReasonStabilitySummary.Means {
  init(_ agreements: [ReasonStability.Agreement], seed: UInt64) {
    firstKept = .mean(agreements.map(\.firstKept), seed: seed, purpose: "reasons/first")
    overlap = .mean(agreements.map(\.overlap), seed: seed, purpose: "reasons/overlap")
    rankCorrelation = .mean(
      agreements.compactMap(\.rankCorrelation), seed: seed, purpose: "reasons/ranks")
  }
}

extension IntervalEstimate {
  /// The mean of values of independent applicants with its bootstrap interval.
  static func mean(_ values: [Double], seed: UInt64, purpose: String) -> IntervalEstimate {
    IntervalEstimate(
      count: values.count, bootstrap: Bootstrap(seed: seed), purpose: purpose
    ) { indices in
      indices.reduce(0) { $0 + values[$1] } / Double(indices.count)
    }
  }
}
