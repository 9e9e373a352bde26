public import Tensors

/// A number with its interval: nothing is reported without one.
public struct Measure: Codable, Hashable, Sendable {
  /// What is measured.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case cleanAccuracy = "clean_accuracy"
    /// The fraction of all samples that are classified correctly and broken by no attack within ε.
    case robustAccuracy = "robust_accuracy"
    /// Of the samples that one attack was given at one ε, the fraction that it did not break.
    ///
    /// It is given those that are classified correctly and that neither smaller ε nor the attacks
    /// before it have broken: it says how much an attack adds, and is no accuracy of all samples.
    case attackAccuracy = "attack_accuracy"
    /// The median over correctly classified samples of the smallest verified breaking distance.
    case medianDistance = "median_distance"
    case expectedCalibrationError = "calibration_error"
    case brierScore = "brier_score"
    /// The largest difference in clean accuracy between the values of a protected attribute.
    case groupGap = "group_gap"
    /// The lowest rate at which a value of a protected attribute is accepted, divided by the highest.
    case selectionRatio = "selection_ratio"
    /// The larger of the gaps in true and false positive rates between the values of a protected
    /// attribute.
    case equalizedOdds = "equalized_odds"
    /// The mean of a quality figure of a method's explanations.
    case explanationQuality = "explanation_quality"
    /// The mean rank correlation of explanations with those under attack.
    case explanationStability = "explanation_stability"
  }

  public var kind: Kind
  /// What the measure is restricted to: empty for all samples, else "class 3", "sex: female".
  public var group: String
  /// The attack, or the method of explanation, where there is one.
  public var method: String?
  public var norm: Norm?
  public var epsilon: Double?
  /// NaN-free; nil: undefined, for the stated reason.
  public var value: Double?
  public var lower: Double?
  public var upper: Double?
  /// The probability with which the interval covers, over repeated samples.
  public var confidence: Double
  /// "Clopper–Pearson", "bootstrap, 1,000 resamples, seed 0".
  public var intervalMethod: String
  /// The number of samples behind the value.
  public var count: Int
  public var note: String

  public init(
    kind: Kind, group: String = "", method: String? = nil, norm: Norm? = nil,
    epsilon: Double? = nil, value: Double?, lower: Double?, upper: Double?,
    confidence: Double = 0.95, intervalMethod: String, count: Int, note: String = ""
  ) {
    self.kind = kind
    self.group = group
    self.method = method
    self.norm = norm
    self.epsilon = epsilon
    self.value = value
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
    self.intervalMethod = intervalMethod
    self.count = count
    self.note = note
  }
}

/// Why a measure may not mean what it says.
public struct SoundnessWarning: Codable, Hashable, Sendable {
  public var name: String
  /// What was seen, with its numbers.
  public var raised: String
  public var explanation: String
  public var suggestion: String
  /// The samples concerned.
  public var samples: [Int]
  /// Whether robust accuracy must not be believed while this stands.
  public var isVeto: Bool

  public init(
    name: String, raised: String, explanation: String, suggestion: String,
    samples: [Int] = [], isVeto: Bool
  ) {
    self.name = name
    self.raised = raised
    self.explanation = explanation
    self.suggestion = suggestion
    self.samples = samples
    self.isVeto = isVeto
  }
}

/// The verdict on one requirement of the suite.
public struct GateResult: Codable, Hashable, Sendable {
  public enum Verdict: String, Codable, Hashable, Sendable {
    case passed, failed, inconclusive
    case notMeasured = "not measured"
  }

  /// The requirement in words: "robust accuracy at L∞ 0.3 is at least 75 %".
  public var requirement: String
  public var verdict: Verdict
  public var value: Double?
  public var lower: Double?
  public var upper: Double?
  public var threshold: Double
  /// Whether the value must be at least the threshold, or at most.
  public var isAtLeast: Bool
  /// One sentence.
  public var reason: String
  /// What is required of; nil where the record does not say.
  public var kind: Measure.Kind?
  public var norm: Norm?
  public var epsilon: Double?
  /// A protected attribute, for gaps between groups; else empty.
  public var group: String

  public init(
    requirement: String, verdict: Verdict, value: Double?, lower: Double?, upper: Double?,
    threshold: Double, isAtLeast: Bool, reason: String, kind: Measure.Kind? = nil,
    norm: Norm? = nil, epsilon: Double? = nil, group: String = ""
  ) {
    self.requirement = requirement
    self.verdict = verdict
    self.value = value
    self.lower = lower
    self.upper = upper
    self.threshold = threshold
    self.isAtLeast = isAtLeast
    self.reason = reason
    self.kind = kind
    self.norm = norm
    self.epsilon = epsilon
    self.group = group
  }

  /// Reads also what was written before a verdict said what it is about.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      requirement: try container.decode(String.self, forKey: .requirement),
      verdict: try container.decode(Verdict.self, forKey: .verdict),
      value: try container.decodeIfPresent(Double.self, forKey: .value),
      lower: try container.decodeIfPresent(Double.self, forKey: .lower),
      upper: try container.decodeIfPresent(Double.self, forKey: .upper),
      threshold: try container.decode(Double.self, forKey: .threshold),
      isAtLeast: try container.decode(Bool.self, forKey: .isAtLeast),
      reason: try container.decode(String.self, forKey: .reason),
      kind: try container.decodeIfPresent(Measure.Kind.self, forKey: .kind),
      norm: try container.decodeIfPresent(Norm.self, forKey: .norm),
      epsilon: try container.decodeIfPresent(Double.self, forKey: .epsilon),
      group: try container.decodeIfPresent(String.self, forKey: .group) ?? "")
  }
}

/// A file that belongs to a run.
public struct Artefact: Codable, Hashable, Sendable {
  public var name: String
  public var mediaType: String
  public var sha256: String

  public init(name: String, mediaType: String, sha256: String) {
    self.name = name
    self.mediaType = mediaType
    self.sha256 = sha256
  }
}
