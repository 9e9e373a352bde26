public import Audits
public import Tensors

/// What `assay check` is to do, as `assay.yaml` states it.
///
/// Paths are relative to the folder that the program is started in.
public struct CheckConfiguration: Sendable {
  public var model: String
  public var data: String
  public var schema: String?
  /// The part of the data: "all", "train" or "test".
  public var part: String?
  /// How many samples are used at most.
  public var samples: Int?
  /// The name of a built-in suite, or a YAML file.
  public var suite: String
  public var seed: UInt64
  public var threads: Int?
  /// What fresh attacks may cost; nil: the whole suite runs.
  public var budget: AttackBudget?
  /// The file that holds what an earlier version's audit found.
  public var baseline: String
  /// Where runs are recorded.
  public var ledger: String
  /// The folder for what a pipeline reads.
  public var out: String
  public var gates: [RegressionGate]
  /// The file that states this, and its text.
  public var file: String
  public var text: String
}

/// One requirement of a check: what a version may lose, or what it must reach.
public struct RegressionGate: Sendable, Hashable {
  /// What is measured.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case cleanAccuracy = "clean-accuracy"
    case robustAccuracy = "robust-accuracy"
    case medianDistance = "median-distance"
    case calibrationError = "calibration-error"
    case groupGap = "group-gap"
    case explanationDrift = "explanation-drift"
  }

  /// What is tolerated.
  public enum Condition: Sendable, Hashable {
    /// The candidate's value is smaller than the baseline's by no more than this.
    case dropAtMost(Double)
    /// The candidate's value is larger than the baseline's by no more than this.
    case riseAtMost(Double)
    case atLeast(Double)
    case atMost(Double)
  }

  public var kind: Kind
  public var norm: Norm?
  public var epsilon: Double?
  /// A protected attribute, for gaps between groups.
  public var group: String?
  /// A method of explanation, for drift.
  public var method: String?
  public var condition: Condition
  /// How sure a verdict must be: 0.95 leaves one wrong one in twenty.
  public var confidence: Double
  public var meaning: InconclusiveMeaning
  /// Where the configuration states it: line and column, from 1.
  public var line: Int
  public var column: Int
}

extension RegressionGate {
  /// The requirement in words.
  public var requirement: String { "\(subject) \(demand)" }

  /// What is measured, in words.
  var subject: String {
    switch kind {
    case .cleanAccuracy: "clean accuracy"
    case .robustAccuracy: "robust accuracy at \(norm?.symbol ?? "") \(epsilon?.words ?? "")"
    case .medianDistance: "median breaking distance in \(norm?.symbol ?? "")"
    case .calibrationError: "expected calibration error"
    case .groupGap: "accuracy gap between groups (\(group ?? ""))"
    case .explanationDrift: "agreement of explanations by \(method ?? "")"
    }
  }

  private var demand: String {
    switch condition {
    case .dropAtMost(let limit): "drops by at most \(difference(limit))"
    case .riseAtMost(let limit): "rises by at most \(difference(limit))"
    case .atLeast(let limit): "is at least \(level(limit))"
    case .atMost(let limit): "is at most \(level(limit))"
    }
  }

  /// Whether the measure is a share of samples.
  var isFraction: Bool {
    switch kind {
    case .cleanAccuracy, .robustAccuracy, .groupGap: true
    case .medianDistance, .calibrationError, .explanationDrift: false
    }
  }

  /// Whether the measure depends on what attacks found.
  var dependsOnAttacks: Bool { kind == .robustAccuracy || kind == .medianDistance }

  /// A value as people read it.
  func level(_ value: Double) -> String {
    isFraction ? "\(Self.rounded(value * 100)) %" : value.words
  }

  /// A difference of two values as people read it.
  func difference(_ value: Double) -> String {
    isFraction ? "\(Self.rounded(value * 100)) points" : value.words
  }

  private static func rounded(_ value: Double) -> String { ((value * 100).rounded() / 100).words }
}
