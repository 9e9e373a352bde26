import Audits

/// The verdict on one gate, from its evidence.
struct GateDecision {
  private let gate: RegressionGate
  private let evidence: GateEvidence
  private let adjusted: Double
  private let vetoes: [String]

  init(
    _ gate: RegressionGate, _ evidence: GateEvidence, adjusted: Double, vetoes: [String]
  ) {
    self.gate = gate
    self.evidence = evidence
    self.adjusted = adjusted
    self.vetoes = gate.dependsOnAttacks ? vetoes : []
  }

  /// The probability of a wrong verdict that the gate allows.
  private var level: Double { 1 - gate.confidence }

  /// Lower robustness would not turn a failure into a pass, so that a veto leaves failures alone.
  private var verdict: GateResult.Verdict {
    if adjusted <= level { return .failed }
    guard evidence.passProbability <= level, vetoes.isEmpty else { return .inconclusive }
    return .passed
  }

  private var isImproved: Bool {
    guard let probability = evidence.noImprovementProbability else { return false }
    return verdict == .passed && probability <= level
  }

  var checked: CheckedGate {
    CheckedGate(
      requirement: gate.requirement, kind: gate.kind.rawValue, norm: gate.norm,
      epsilon: gate.epsilon, group: gate.group ?? gate.method ?? "", verdict: verdict,
      baseline: evidence.baseline, candidate: evidence.candidate, value: evidence.value,
      lower: evidence.lower, upper: evidence.upper, threshold: gate.threshold,
      isAtLeast: gate.isAtLeast, isRelative: gate.isRelative, isFraction: gate.isFraction,
      confidence: gate.confidence,
      count: evidence.count, failureProbability: evidence.failureProbability,
      adjustedFailureProbability: adjusted, passProbability: evidence.passProbability,
      test: evidence.test, decidingCount: verdict == .inconclusive ? evidence.decidingCount : nil,
      meaning: gate.meaning, isImproved: isImproved, reason: reason)
  }

  /// What was seen, how sure it is, and what would decide it.
  private var reason: String {
    let seen = [evidence.detail].filter { !$0.isEmpty }.map { " (\($0))" }.joined()
    switch verdict {
    case .failed: return "\(change)\(seen), surely more than is tolerated: \(bound)"
    case .passed: return "\(change)\(seen), \(bound)"
    case .notMeasured: return seen
    case .inconclusive:
      guard vetoes.isEmpty || evidence.passProbability > level else {
        return "\(change)\(seen), but not believed: \(vetoes.joined(separator: ", "))"
      }
      return "\(change)\(seen), \(bound): \(advice)"
    }
  }

  /// "fell by 3.2 points, from 91.4 % to 88.2 %".
  private var change: String {
    guard gate.isRelative else { return "it is \(gate.level(evidence.value))" }
    let isGood = gate.isDrop
    let moved = abs(evidence.value)
    let path: String =
      if let from = evidence.baseline, let to = evidence.candidate {
        ", from \(gate.level(from)) to \(gate.level(to))"
      } else {
        ""
      }
    guard moved > 0 else { return "it did not change\(path)" }
    let verb = (evidence.value > 0) == isGood ? "fell" : "rose"
    return "it \(verb) by \(gate.difference(moved))\(path)"
  }

  /// The bound that speaks for the verdict.
  private var bound: String {
    let sure = "with \((gate.confidence * 100).words) % confidence"
    switch verdict {
    case .failed: return "\(gate.isAtLeast ? most : least) \(sure)"
    case .passed: return "\(gate.isAtLeast ? least : most) \(sure)"
    case .inconclusive, .notMeasured: return "\(range), each bound \(sure)"
    }
  }

  private var noun: String { gate.isRelative ? (gate.isDrop ? "drop" : "rise") : "value" }
  private var opposite: String { gate.isDrop ? "rise" : "drop" }

  /// "the drop is at most 0.7 points"; a negative one is a rise.
  private var most: String {
    guard gate.isRelative else { return "the value is at most \(gate.level(evidence.upper))" }
    return evidence.upper < 0
      ? "the \(opposite) is at least \(gate.difference(-evidence.upper))"
      : "the \(noun) is at most \(gate.difference(evidence.upper))"
  }

  private var least: String {
    guard gate.isRelative else { return "the value is at least \(gate.level(evidence.lower))" }
    return evidence.lower < 0
      ? "the \(opposite) is at most \(gate.difference(-evidence.lower))"
      : "the \(noun) is at least \(gate.difference(evidence.lower))"
  }

  private var range: String {
    guard gate.isRelative else {
      return
        "the value lies between \(gate.level(evidence.lower)) and \(gate.level(evidence.upper))"
    }
    guard evidence.lower < 0, evidence.upper > 0 else {
      let ends = [abs(evidence.lower), abs(evidence.upper)].sorted().map(gate.difference)
      return "the \(evidence.upper > 0 ? noun : opposite) lies between \(ends[0]) and \(ends[1])"
    }
    return "it lies between a \(opposite) by \(gate.difference(-evidence.lower)) and a \(noun) by "
      + gate.difference(evidence.upper)
  }

  private var advice: String {
    guard evidence.open.isEmpty else { return "\(evidence.open); raise it" }
    guard evidence.failureProbability > level else {
      return "alone it would fail, but not with all gates of the check taken together (Holm's p = "
        + "\(adjusted.words))"
    }
    guard let count = evidence.decidingCount else {
      return evidence.value == gate.threshold
        ? "what was seen is the threshold itself, which no number of samples decides"
        : "no number of samples decides; tolerate more or less"
    }
    return "\(max(count, evidence.count + 1)) samples would decide if this stays"
  }
}

extension RegressionGate {
  /// Whether the measure is a good that may drop, not an evil that may rise.
  var isDrop: Bool { if case .dropAtMost = condition { true } else { false } }
}
