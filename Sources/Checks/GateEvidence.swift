import Audits
import Statistics

/// What the samples say about one gate, before anything is decided.
struct GateEvidence {
  /// The measure of the two versions.
  var baseline: Double?
  var candidate: Double?
  /// What is judged, and its bounds.
  var value: Double
  var lower: Double
  var upper: Double
  var count: Int
  /// Of the hypothesis that the requirement is met, and that it is not.
  var failureProbability: Double
  var passProbability: Double
  /// Of the hypothesis that the candidate is no better than the baseline; nil for absolute limits.
  var noImprovementProbability: Double?
  var decidingCount: Int?
  var test: String
  /// What a reader wants to know beside the numbers: "21 samples worse, 5 better".
  var detail = ""
  /// What the budget left open, in words; empty where nothing.
  var open = ""
}

/// Why a gate has no evidence.
struct NotMeasured: Error {
  let reason: String
}

extension GateEvidence {
  /// A share of samples that a version may lose, or must not fall below.
  ///
  /// - Parameters:
  ///   - before: Of each sample, whether it holds for the baseline.
  ///   - after: The same for the candidate; nil where the budget left it open.
  ///   - gate: What is tolerated.
  init(share before: [Bool], _ after: [Bool?], _ gate: RegressionGate) {
    let best = after.map { $0 ?? true }
    let worst = after.map { $0 ?? false }
    let open = after.count { $0 == nil }
    baseline = Double(before.count(where: \.self)) / Double(before.count)
    candidate = open == 0 ? Double(best.count(where: \.self)) / Double(best.count) : nil
    count = before.count
    self.open = open == 0 ? "" : "the budget left \(open) of \(count) samples open"
    let kind = gate.condition
    if case .dropAtMost(let limit) = kind {
      let mild = PairedOutcomes(before: before, after: best)
      let severe = PairedOutcomes(before: before, after: worst)
      value = mild.drop
      lower = mild.lowerBound(confidence: gate.confidence)
      upper = severe.upperBound(confidence: gate.confidence)
      failureProbability = mild.probability(thatDropIsAtMost: limit)
      passProbability = severe.probability(thatDropIsAtLeast: limit)
      noImprovementProbability = severe.probability(thatDropIsAtLeast: 0)
      decidingCount = mild.decidingCount(limit: limit, confidence: gate.confidence)
      test = "score test of paired proportions"
      detail =
        "\(mild.worsened) of \(count) samples worse, \(mild.improved) better, McNemar "
        + Self.probability(mild.mcNemarProbability)
      return
    }
    let most = SingleOutcomes(count: count, successes: best.count(where: \.self))
    let least = SingleOutcomes(count: count, successes: worst.count(where: \.self))
    value = Double(most.successes) / Double(count)
    lower = least.lowerBound(confidence: gate.confidence)
    upper = most.upperBound(confidence: gate.confidence)
    let limit = gate.threshold
    failureProbability = most.probability(thatShareIsAtLeast: limit)
    passProbability = least.probability(thatShareIsAtMost: limit)
    decidingCount = most.decidingCount(limit: limit, confidence: gate.confidence)
    test = "Clopper–Pearson"
    detail = "\(most.successes) of \(count) samples"
  }

  /// A statistic of samples, by the bootstrap.
  ///
  /// - Parameters:
  ///   - mild: The distribution of what is judged, open samples taken in the candidate's favour.
  ///   - severe: The same, taken against it.
  ///   - gate: What is tolerated.
  ///   - bootstrap: What made the distributions.
  init(
    _ mild: BootstrapDistribution, severe: BootstrapDistribution? = nil, _ gate: RegressionGate,
    _ bootstrap: PairedBootstrap
  ) {
    let severe = severe ?? mild
    value = mild.value
    count = mild.count
    lower = Swift.min(
      mild.lowerBound(confidence: gate.confidence), severe.lowerBound(confidence: gate.confidence))
    upper = Swift.max(
      mild.upperBound(confidence: gate.confidence), severe.upperBound(confidence: gate.confidence))
    let limit = gate.threshold
    if gate.isAtLeast {
      failureProbability = mild.probability(thatValueIsAtLeast: limit)
      passProbability = severe.probability(thatValueIsAtMost: limit)
    } else {
      failureProbability = mild.probability(thatValueIsAtMost: limit)
      passProbability = severe.probability(thatValueIsAtLeast: limit)
    }
    decidingCount = mild.decidingCount(limit: limit, confidence: gate.confidence)
    test = bootstrap.description
    if gate.isRelative { noImprovementProbability = severe.probability(thatValueIsAtLeast: 0) }
  }

  /// A probability as people read it.
  private static func probability(_ value: Double) -> String {
    value < 0.0001 ? "p < 0.0001" : "p = \(value.words)"
  }
}

extension RegressionGate {
  /// The number that what is judged is held against.
  var threshold: Double {
    switch condition {
    case .dropAtMost(let limit), .riseAtMost(let limit), .atLeast(let limit), .atMost(let limit):
      limit
    }
  }

  /// Whether what is judged must be at least the threshold, or at most.
  var isAtLeast: Bool { if case .atLeast = condition { true } else { false } }

  /// Whether the versions are compared, or the candidate alone is held against a limit.
  var isRelative: Bool {
    switch condition {
    case .dropAtMost, .riseAtMost: true
    case .atLeast, .atMost: false
    }
  }
}
