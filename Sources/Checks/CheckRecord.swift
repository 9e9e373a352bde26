public import Audits
public import Tensors

/// What one check of a model against its baseline found: what every output of a pipeline is made
/// from.
public struct CheckRecord: Codable, Hashable, Sendable {
  /// The version of this type's JSON form; raised when a field changes its meaning.
  public static let schemaVersion = 1

  public var schemaVersion = CheckRecord.schemaVersion
  public var baseline: CheckedModel
  public var candidate: CheckedModel
  public var data: String
  /// Which samples of the data, in words.
  public var selection: String
  public var sampleCount: Int
  public var classNames: [String]
  /// What a sample is: how its pictures are drawn.
  public var input: InputSpecification
  public var seed: UInt64
  /// What the known adversarial examples did to the candidate, norm by norm.
  public var replay: [ReplayGroup]
  public var budget: BudgetUse
  public var gates: [CheckedGate]
  /// What speaks against believing the candidate's figures.
  public var warnings: [SoundnessWarning]
  /// The nearest adversarial examples of samples that the baseline withstood, at most three.
  public var worst: [WorstCase]

  public init(
    baseline: CheckedModel, candidate: CheckedModel, data: String, selection: String,
    sampleCount: Int, classNames: [String], input: InputSpecification, seed: UInt64,
    replay: [ReplayGroup], budget: BudgetUse, gates: [CheckedGate], warnings: [SoundnessWarning],
    worst: [WorstCase]
  ) {
    self.baseline = baseline
    self.candidate = candidate
    self.data = data
    self.selection = selection
    self.sampleCount = sampleCount
    self.classNames = classNames
    self.input = input
    self.seed = seed
    self.replay = replay
    self.budget = budget
    self.gates = gates
    self.warnings = warnings
    self.worst = worst
  }
}

/// One of the two models of a check.
public struct CheckedModel: Codable, Hashable, Sendable {
  public var name: String
  /// Of the model file.
  public var sha256: String
  /// The run that audited it.
  public var run: String
  /// When that run began: ISO 8601, UTC.
  public var started: String

  public init(name: String, sha256: String, run: String, started: String) {
    self.name = name
    self.sha256 = sha256
    self.run = run
    self.started = started
  }

  public init(_ record: AuditRecord) {
    self.init(
      name: record.model.name, sha256: record.model.sha256, run: record.run.id,
      started: record.run.started)
  }
}

/// The known adversarial examples of one norm, sample by sample.
public struct ReplayGroup: Codable, Hashable, Sendable {
  public var norm: Norm
  /// In sample order.
  public var cases: [ReplayCase]

  public init(norm: Norm, cases: [ReplayCase]) {
    self.norm = norm
    self.cases = cases
  }

  public func count(_ outcome: ReplayCase.Outcome) -> Int { cases.count { $0.outcome == outcome } }
}

/// What the known adversarial examples of one sample did to the candidate.
public struct ReplayCase: Codable, Hashable, Sendable {
  /// How the candidate compares with the baseline.
  public enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
    /// They fooled the baseline and fool the candidate.
    case transferred
    /// They fooled the baseline and do not fool the candidate.
    case fixed
    /// The baseline withstood those of other models, and the candidate does not.
    case newlyBroken = "newly broken"
    /// Both withstand them.
    case withstood
  }

  public var sample: Int
  public var name: String
  public var label: Int
  public var outcome: Outcome
  /// The distance of the nearest example that was tried.
  public var distance: Double
  /// The attack that found it, and the model that it broke.
  public var attack: String
  public var model: String
  /// The candidate's answer to it.
  public var predicted: Int

  public init(
    sample: Int, name: String, label: Int, outcome: Outcome, distance: Double, attack: String,
    model: String, predicted: Int
  ) {
    self.sample = sample
    self.name = name
    self.label = label
    self.outcome = outcome
    self.distance = distance
    self.attack = attack
    self.model = model
    self.predicted = predicted
  }
}

/// What the fresh attacks were allowed, and what they used.
public struct BudgetUse: Codable, Hashable, Sendable {
  /// Samples that the budget did not reach: nothing is known of them at this radius.
  public struct Unfinished: Codable, Hashable, Sendable {
    public var norm: Norm
    public var epsilon: Double
    public var samples: [Int]

    public init(norm: Norm, epsilon: Double, samples: [Int]) {
      self.norm = norm
      self.epsilon = epsilon
      self.samples = samples
    }
  }

  /// "2 min", "200,000 gradients", "none".
  public var limit: String
  public var forwardPasses: Int
  public var backwardPasses: Int
  public var unfinished: [Unfinished]

  public init(
    limit: String, forwardPasses: Int, backwardPasses: Int, unfinished: [Unfinished]
  ) {
    self.limit = limit
    self.forwardPasses = forwardPasses
    self.backwardPasses = backwardPasses
    self.unfinished = unfinished
  }

  public var isExhausted: Bool { !unfinished.isEmpty }
}

/// The verdict on one gate of a check.
public struct CheckedGate: Codable, Hashable, Sendable {
  /// The requirement in words: "robust accuracy at L∞ 0.1 drops by at most 2 points".
  public var requirement: String
  public var kind: String
  public var norm: Norm?
  public var epsilon: Double?
  /// A protected attribute, or a method of explanation.
  public var group: String
  public var verdict: GateResult.Verdict
  /// The measure of the baseline and of the candidate; nil where it was not measured.
  public var baseline: Double?
  public var candidate: Double?
  /// What is judged: the worsening where versions are compared, the candidate's value elsewhere.
  public var value: Double?
  /// The bounds of what is judged, each with the gate's confidence.
  public var lower: Double?
  public var upper: Double?
  public var threshold: Double
  /// Whether what is judged must be at least the threshold, or at most.
  public var isAtLeast: Bool
  /// Whether versions are compared, so that what is judged is the worsening.
  public var isRelative: Bool
  /// Whether the measure is a share of samples, shown in per cent.
  public var isFraction: Bool
  public var confidence: Double
  /// The number of samples behind the value.
  public var count: Int
  /// Of the hypothesis that the requirement is met; nil where there is no test.
  public var failureProbability: Double?
  /// The same after Holm's correction over all gates of the check.
  public var adjustedFailureProbability: Double?
  /// Of the hypothesis that it is not met.
  public var passProbability: Double?
  /// How it was tested: "score test of paired proportions", "paired bootstrap, 2,000 resamples".
  public var test: String
  /// The number of samples that would decide, if what was seen stays; nil where none would.
  public var decidingCount: Int?
  /// What an inconclusive verdict means for the exit code.
  public var meaning: InconclusiveMeaning
  /// Whether the candidate is better than the baseline with the gate's confidence.
  public var isImproved: Bool
  /// One sentence.
  public var reason: String

  public init(
    requirement: String, kind: String, norm: Norm? = nil, epsilon: Double? = nil,
    group: String = "", verdict: GateResult.Verdict, baseline: Double? = nil,
    candidate: Double? = nil, value: Double? = nil, lower: Double? = nil, upper: Double? = nil,
    threshold: Double, isAtLeast: Bool, isRelative: Bool, isFraction: Bool, confidence: Double,
    count: Int,
    failureProbability: Double? = nil, adjustedFailureProbability: Double? = nil,
    passProbability: Double? = nil, test: String = "", decidingCount: Int? = nil,
    meaning: InconclusiveMeaning, isImproved: Bool = false, reason: String
  ) {
    self.requirement = requirement
    self.kind = kind
    self.norm = norm
    self.epsilon = epsilon
    self.group = group
    self.verdict = verdict
    self.baseline = baseline
    self.candidate = candidate
    self.value = value
    self.lower = lower
    self.upper = upper
    self.threshold = threshold
    self.isAtLeast = isAtLeast
    self.isRelative = isRelative
    self.isFraction = isFraction
    self.confidence = confidence
    self.count = count
    self.failureProbability = failureProbability
    self.adjustedFailureProbability = adjustedFailureProbability
    self.passProbability = passProbability
    self.test = test
    self.decidingCount = decidingCount
    self.meaning = meaning
    self.isImproved = isImproved
    self.reason = reason
  }
}

/// What a gate that could not be decided, or not be measured, means for the exit code.
public enum InconclusiveMeaning: String, Codable, Hashable, Sendable, CaseIterable {
  case pass, fail, inconclusive
}

/// An adversarial example that the report shows.
public struct WorstCase: Codable, Hashable, Sendable {
  public var sample: Int
  public var name: String
  public var label: Int
  public var attack: String
  public var norm: Norm
  public var epsilon: Double
  public var distance: Double
  /// The candidate's answer to the perturbed input.
  public var predicted: Int
  public var confidence: Double
  /// The raw inputs.
  public var clean: Tensor
  public var perturbed: Tensor

  public init(
    sample: Int, name: String, label: Int, attack: String, norm: Norm, epsilon: Double,
    distance: Double, predicted: Int, confidence: Double, clean: Tensor, perturbed: Tensor
  ) {
    self.sample = sample
    self.name = name
    self.label = label
    self.attack = attack
    self.norm = norm
    self.epsilon = epsilon
    self.distance = distance
    self.predicted = predicted
    self.confidence = confidence
    self.clean = clean
    self.perturbed = perturbed
  }
}
