public import Tensors

/// A requirement that is stated before the audit: a measure and the least or most it may be.
public struct Gate: Codable, Hashable, Sendable {
  public var kind: Measure.Kind
  public var norm: Norm?
  public var epsilon: Double?
  /// What the measure is restricted to, as `Measure.group`: a protected attribute for gaps between
  /// its values, "class malignant" for an accuracy.
  public var group: String
  public var threshold: Double
  public var isAtLeast: Bool

  public init(
    kind: Measure.Kind, norm: Norm? = nil, epsilon: Double? = nil, group: String = "",
    threshold: Double, isAtLeast: Bool
  ) {
    self.kind = kind
    self.norm = norm
    self.epsilon = epsilon
    self.group = group
    self.threshold = threshold
    self.isAtLeast = isAtLeast
  }

  /// The requirement in words.
  public var requirement: String {
    var words = kind.words
    if let norm, let epsilon { words += " at \(norm.symbol) \(epsilon.words)" }
    if !group.isEmpty { words += " (\(group))" }
    let limit = kind.isFraction ? "\((threshold * 100).words) %" : threshold.words
    return "\(words) is at \(isAtLeast ? "least" : "most") \(limit)"
  }

  /// The verdict on measured values.
  ///
  /// Attacks can miss what a stronger one would break, so that figures of robustness are upper
  /// bounds. Where warnings veto them, nothing passes, and a failure stands only if lower values would
  /// not change it: failing to be at least the threshold. Everything else is inconclusive.
  public func judge(_ measures: [Measure], warnings: [SoundnessWarning]) -> GateResult {
    let measure = measures.first {
      $0.kind == kind && $0.norm == norm && $0.epsilon == epsilon && $0.group == group
        && $0.method?.hasPrefix(AttackDescription.probePrefix) != true
    }
    func result(_ verdict: GateResult.Verdict, _ reason: String) -> GateResult {
      GateResult(
        requirement: requirement, verdict: verdict, value: measure?.value,
        lower: measure?.lower, upper: measure?.upper, threshold: threshold,
        isAtLeast: isAtLeast, reason: reason, kind: kind, norm: norm, epsilon: epsilon,
        group: group)
    }
    guard let measure, let value = measure.value else {
      return result(.notMeasured, measure.map(\.note) ?? "the run did not measure it")
    }
    let passes = isAtLeast ? value >= threshold : value <= threshold
    let vetoes = warnings.filter(\.isVeto).map(\.name)
    if kind.dependsOnAttacks, passes || !isAtLeast, !vetoes.isEmpty {
      let verb = passes ? "pass" : "fail"
      return result(
        .inconclusive,
        "\(shown(value)) would \(verb), but is not believed: \(vetoes.joined(separator: ", "))")
    }
    guard passes else { return result(.failed, "\(shown(value)) does not meet the threshold") }
    let end = isAtLeast ? measure.lower : measure.upper
    let isSure = end.map { isAtLeast ? $0 >= threshold : $0 <= threshold } ?? false
    let interval = isSure ? ", and so does its whole interval" : "; its interval reaches beyond it"
    return result(
      .passed, "\(shown(value)) meets the threshold\(end == nil ? "" : interval)")
  }

  private func shown(_ value: Double) -> String {
    kind.isFraction ? "\(((value * 1000).rounded() / 10).words) %" : value.words
  }
}

extension Measure.Kind {
  /// The measure in words.
  public var words: String {
    switch self {
    case .cleanAccuracy: "clean accuracy"
    case .robustAccuracy: "robust accuracy"
    case .attackAccuracy: "share of samples that one attack left"
    case .medianDistance: "median breaking distance"
    case .expectedCalibrationError: "expected calibration error"
    case .brierScore: "Brier score"
    case .groupGap: "accuracy gap between groups"
    case .selectionRatio: "ratio of selection rates between groups"
    case .equalizedOdds: "equalised odds difference between groups"
    case .explanationQuality: "explanation quality"
    case .explanationStability: "explanation stability under attack"
    }
  }

  /// Whether the measure is a fraction of samples, shown in per cent.
  public var isFraction: Bool {
    switch self {
    case .cleanAccuracy, .robustAccuracy, .attackAccuracy, .groupGap, .equalizedOdds: true
    case .medianDistance, .expectedCalibrationError, .brierScore, .selectionRatio,
      .explanationQuality, .explanationStability:
      false
    }
  }

  fileprivate var dependsOnAttacks: Bool {
    switch self {
    case .robustAccuracy, .attackAccuracy, .medianDistance: true
    case .cleanAccuracy, .expectedCalibrationError, .brierScore, .groupGap, .selectionRatio,
      .equalizedOdds, .explanationQuality, .explanationStability:
      false
    }
  }
}

extension Norm {
  /// "L∞", "L2", "L1".
  public var symbol: String {
    switch self {
    case .linf: "L∞"
    case .l2: "L2"
    case .l1: "L1"
    }
  }
}

extension Double {
  /// The number with at most four digits after the point and no trailing zeros.
  package var words: String {
    let rounded = (self * 10_000).rounded() / 10_000
    return Int(exactly: rounded).map(String.init) ?? String(rounded)
  }
}
