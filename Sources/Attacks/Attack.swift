public import Models
public import Tensors

/// A method that searches a threat model for inputs that a model gets wrong.
///
/// It proposes and never judges itself: `Verification` decides what counts. One call is one
/// restart; the runner repeats it on the samples that are left.
public protocol Attack: Codable, Hashable, Sendable {
  /// The name in suites, on the command line and in the ledger.
  static var name: String { get }
  /// What the method does, in a sentence.
  static var summary: String { get }
  /// The names of the settings, as the encoded form has them.
  static var settingNames: [String] { get }
  /// Whether the method follows gradients: then it cannot run on a model that has none.
  static var needsGradient: Bool { get }

  /// How many independent tries a sample gets.
  var restarts: Int { get }

  /// Whether the method has something to try on a sample at a radius.
  func applies(to sample: Int, at epsilon: Double) -> Bool

  /// The method with its default settings.
  init()

  /// - Throws: `AttackError` naming the first setting that makes no sense.
  func validate() throws

  /// The best point found for each sample, within the threat model as projected.
  ///
  /// The result for a sample depends on that sample, the seed and the restart alone.
  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal

  /// The same with as much access as there is.
  ///
  /// - Throws: `AttackError.needsGradient` if that is too little.
  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, through access: ClassifierAccess
  ) throws -> AttackProposal
}

/// An attack that only asks for logits: it works on anything that answers.
public protocol BlackBoxAttack: Attack {
  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, querying model: any Classifier
  ) throws -> AttackProposal
}

extension BlackBoxAttack {
  public func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal {
    try perturbed(batch, under: threat, querying: model)
  }
}

extension Attack {
  public var restarts: Int { 1 }
  public func validate() throws {}
  public func applies(to sample: Int, at epsilon: Double) -> Bool { true }

  /// - Throws: `AttackError.invalidSetting` unless the condition holds.
  func require(_ condition: Bool, _ setting: String, _ expected: String, got: Any) throws {
    guard !condition else { return }
    throw AttackError.invalidSetting(
      attack: Self.name, name: setting, expected: expected, got: "\(got)")
  }
}

/// The samples that an attack is given, at most a micro-batch of them at a time.
public struct AttackBatch: Sendable {
  /// Clean encoded inputs, `[N] + encodedShape`.
  public let inputs: Tensor
  /// The labels, or the targets of a targeted attack: int64 `[N]`.
  public let classes: Tensor
  public let goal: Goal
  /// What the samples are called in the data set: random numbers depend on it.
  public let samples: [Int]
  public let seed: UInt64
  public let restart: Int
  /// The rows that count; those after them only fill the micro-batch.
  public let count: Int

  public init(
    inputs: Tensor, classes: Tensor, goal: Goal = .untargeted, samples: [Int], seed: UInt64,
    restart: Int = 0, count: Int? = nil
  ) {
    precondition(
      inputs.shape[0] == samples.count && classes.shape == [samples.count],
      "expected \(samples.count) inputs and classes, got \(inputs.shape) and \(classes.shape)")
    self.inputs = inputs
    self.classes = classes
    self.goal = goal
    self.samples = samples
    self.seed = seed
    self.restart = restart
    self.count = count ?? samples.count
  }

  /// The random streams of an attack for these samples in this restart.
  package func random(for purpose: String) -> SampleRandom {
    SampleRandom(seed: seed, purpose: purpose, samples: samples, restart: restart)
  }
}

/// What one restart of an attack found.
public struct AttackProposal: Sendable {
  /// A point for each row of the batch: `[N] + encodedShape`.
  public var perturbed: Tensor
  /// What happened on the way, for each row that counts.
  public var traces: [AttackTrace]

  public init(perturbed: Tensor, traces: [AttackTrace]) {
    self.perturbed = perturbed
    self.traces = traces
  }
}

/// What happened to one sample during an attack: the material of the soundness checks.
public struct AttackTrace: Codable, Hashable, Sendable {
  /// Whether the attack saw the model reach its goal; a claim, not a finding.
  public var claimsSuccess = false
  /// The passes that this sample needed.
  public var passes = PassCount()
  /// The points that were looked at.
  public var points = 0
  /// The points at which the gradient was exactly zero.
  public var zeroGradients = 0
  /// The points at which the objective or the gradient was not a finite number.
  public var nonFinite = 0
  /// The objective where the attack started, and the largest it saw; nil where not finite.
  public var initialObjective: Double?
  public var bestObjective: Double?
  /// How far the objective, or the margin toward the goal, rose above the first point of a restart,
  /// whichever rose further: negative where all later points were lower, nil without one.
  public var rise: Double?
  /// Whether the best objective had settled; nil after fewer than 11 points, or on success.
  ///
  ///     best(T) − best(T − 10) ≤ 0.05 (best(T) − best(0))
  public var isConverged: Bool?

  public init() {}

  /// The trace of several restarts together.
  func merged(with later: AttackTrace) -> AttackTrace {
    var result = self
    result.claimsSuccess = claimsSuccess || later.claimsSuccess
    result.passes = passes + later.passes
    result.points += later.points
    result.zeroGradients += later.zeroGradients
    result.nonFinite += later.nonFinite
    result.rise = [rise, later.rise].compactMap(\.self).max()
    result.initialObjective = initialObjective ?? later.initialObjective
    if let objective = later.bestObjective, objective > bestObjective ?? -.infinity {
      result.bestObjective = objective
      result.isConverged = later.isConverged
    }
    if result.claimsSuccess { result.isConverged = nil }
    return result
  }
}
