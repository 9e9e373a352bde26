import Execution
public import Models
import Synchronization
public import Tensors

/// The samples that are attacked.
public struct AttackSamples: Sendable {
  /// Clean encoded inputs, `[N] + encodedShape`.
  public let inputs: Tensor
  /// The labels, or the targets of a targeted attack: int64 `[N]`.
  public let classes: Tensor
  /// What the samples are called in the data set.
  public let ids: [Int]

  public init(inputs: Tensor, classes: Tensor, ids: [Int]) {
    precondition(
      inputs.shape[0] == ids.count && classes.shape == [ids.count],
      "expected \(ids.count) inputs and classes, got \(inputs.shape) and \(classes.shape)")
    self.inputs = inputs
    self.classes = classes
    self.ids = ids
  }

  public var count: Int { ids.count }

  /// Some of the samples, by position.
  public func rows(_ rows: [Int]) -> AttackSamples {
    AttackSamples(
      inputs: inputs.rows(rows), classes: classes.rows(rows), ids: rows.map { ids[$0] })
  }
}

/// What an attack proposes for one sample; `Verification` judges it.
public struct AttackOutcome: Sendable, Hashable {
  /// What the sample is called in the data set.
  public let sample: Int
  public let epsilon: Double
  /// The point that the attack proposes, without the batch axis.
  public let perturbed: Tensor
  /// The restart that found it.
  public let restart: Int
  /// What happened, over all restarts.
  public let trace: AttackTrace

  public init(
    sample: Int, epsilon: Double, perturbed: Tensor, restart: Int, trace: AttackTrace
  ) {
    self.sample = sample
    self.epsilon = epsilon
    self.perturbed = perturbed
    self.restart = restart
    self.trace = trace
  }

  /// The better of this outcome and a later restart's: a success, else the higher objective.
  fileprivate func merged(with later: AttackOutcome) -> AttackOutcome {
    let isBetter =
      !trace.claimsSuccess
      && (later.trace.claimsSuccess
        || later.trace.bestObjective ?? -.infinity > trace.bestObjective ?? -.infinity)
    let better = isBetter ? later : self
    return AttackOutcome(
      sample: sample, epsilon: epsilon, perturbed: better.perturbed, restart: better.restart,
      trace: trace.merged(with: later.trace))
  }
}

/// Takes samples through attacks, a micro-batch at a time on each thread.
///
/// Micro-batches have a fixed size, the last filled by repeating rows, and random numbers belong to
/// samples: outcomes depend neither on the threads nor on how samples come in batches.
public struct AttackRunner: Sendable {
  public let model: any Classifier
  public let goal: Goal
  public let seed: UInt64
  public let threads: Int

  /// What is told about a micro-batch that has gone through one restart.
  public struct Progress: Sendable {
    /// The samples that are through with the attack, in order: broken, or out of restarts.
    public let finished: [AttackOutcome]
    /// How many samples went through the restart.
    public let attempted: Int
    public let restart: Int
  }

  /// Receives progress, one call at a time, from the threads that work; it may throw to stop them.
  public typealias Report = @Sendable (Progress) throws -> Void

  public init(
    model: any Classifier, goal: Goal = .untargeted, seed: UInt64, threads: Int = 1
  ) {
    self.model = model
    self.goal = goal
    self.seed = seed
    self.threads = threads
  }

  /// One attack at one ε: an outcome per sample, in the order of the samples.
  ///
  /// A sample leaves after the restart in which the attack claims to have broken it; those left are
  /// cut into full micro-batches again.
  ///
  /// - Throws: `AttackError` if the attack needs a gradient that the model does not have, or what
  ///   the model, the backend or the report throws.
  public func run(
    _ attack: any Attack, under threat: ThreatModel, on samples: AttackSamples,
    report: Report? = nil
  ) throws -> [AttackOutcome] {
    try attack.check(model.access)
    var outcomes = [AttackOutcome?](repeating: nil, count: samples.count)
    var remaining = Array(0..<samples.count)
    let reports = Mutex(())
    for restart in 0..<attack.restarts where !remaining.isEmpty {
      let previous = outcomes
      let batches = cut(remaining)
      let isLast = restart == attack.restarts - 1
      let results = try concurrentMap(count: batches.count, threads: threads) { index in
        let rows = batches[index]
        let found = try self.outcomes(of: attack, under: threat, on: samples.rows(rows), restart)
        let merged = zip(rows, found).map { previous[$0]?.merged(with: $1) ?? $1 }
        try reports.withLock { _ in
          let finished = merged.filter { isLast || $0.trace.claimsSuccess }
          try report?(Progress(finished: finished, attempted: rows.count, restart: restart))
        }
        return merged
      }
      for (rows, found) in zip(batches, results) {
        for (row, outcome) in zip(rows, found) { outcomes[row] = outcome }
      }
      remaining.removeAll { outcomes[$0]?.trace.claimsSuccess == true }
    }
    return outcomes.compactMap { $0 }
  }

  /// One attack over a grid of ascending ε: for each sample its outcomes up to the first success.
  ///
  /// A perturbation that is valid at a smaller ε is valid at a larger one, so that a sample broken
  /// at one needs no attack at the next.
  ///
  /// - Parameters:
  ///   - attack: The attack.
  ///   - threats: The same threat with ascending radii.
  ///   - samples: The samples, those already misclassified left out.
  ///   - accepts: Which outcomes count as success: what the audit verified, or the attack's claims
  ///     by default.
  ///   - report: Receives progress.
  /// - Returns: The outcomes of each sample, in the order of the samples, by ascending ε.
  /// - Throws: what the model, the backend, the judgement or the report throws.
  public func run(
    _ attack: any Attack, over threats: [ThreatModel], on samples: AttackSamples,
    accepts: (ThreatModel, [AttackOutcome], AttackSamples) throws -> [Bool] = {
      _, outcomes, _ in outcomes.map(\.trace.claimsSuccess)
    },
    report: Report? = nil
  ) throws -> [[AttackOutcome]] {
    precondition(
      zip(threats, threats.dropFirst()).allSatisfy { $0.epsilon < $1.epsilon },
      "expected ascending radii, got \(threats.map(\.epsilon))")
    var outcomes = [[AttackOutcome]](repeating: [], count: samples.count)
    var remaining = Array(0..<samples.count)
    for threat in threats where !remaining.isEmpty {
      let rest = samples.rows(remaining)
      let found = try run(attack, under: threat, on: rest, report: report)
      for (row, outcome) in zip(remaining, found) { outcomes[row].append(outcome) }
      let broken = try accepts(threat, found, rest)
      remaining = zip(remaining, broken).filter { !$0.1 }.map(\.0)
    }
    return outcomes
  }

  /// Positions in groups of a micro-batch.
  private func cut(_ positions: [Int]) -> [[Int]] {
    stride(from: 0, to: positions.count, by: model.microBatch).map {
      Array(positions[$0..<min($0 + model.microBatch, positions.count)])
    }
  }

  private func outcomes(
    of attack: any Attack, under threat: ThreatModel, on samples: AttackSamples, _ restart: Int
  ) throws -> [AttackOutcome] {
    let filled = samples.rows((0..<model.microBatch).map { min($0, samples.count - 1) })
    let batch = AttackBatch(
      inputs: filled.inputs, classes: filled.classes, goal: goal, samples: filled.ids,
      seed: seed, restart: restart, count: samples.count)
    let proposal = try attack.perturbed(batch, under: threat, through: model.access)
    return (0..<samples.count).map { row in
      AttackOutcome(
        sample: samples.ids[row], epsilon: threat.epsilon,
        perturbed: proposal.perturbed.row(row), restart: restart, trace: proposal.traces[row])
    }
  }
}
