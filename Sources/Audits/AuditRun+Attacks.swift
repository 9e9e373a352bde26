import Attacks
import Models
import Synchronization
import Tensors

extension AuditRun {
  /// Runs every attack at every radius on the samples that nothing has broken yet.
  ///
  /// Radii ascend and cheap attacks come first: a sample that is broken at one radius is broken at
  /// every larger one, and is attacked no more under that norm. A budget that is spent ends the
  /// attacks; which samples they did not reach follows from the findings (`Robustness.unfinished`).
  func attack(
    _ predictions: [PredictionFinding], known: AuditRecord,
    progress: @escaping (Double, String) -> Void
  ) throws {
    let samples = try attackSamples(predictions)
    let tasks = try plannedTasks()
    let named = Set(known.attacks.map(\.id))
    for task in tasks where !named.contains(task.description.id) {
      try store.store(task.description, in: description.id)
    }
    var findings = FindingTable(known.findings)
    var broken: [Norm: [Int: Double]] = [:]
    var meter = BudgetMeter(plan.budget)
    meter.add(known.findings)
    let rounds = AttackRound.all(of: tasks)
    for (index, round) in rounds.enumerated() {
      let (attack, epsilon) = (round.task.description, round.threat.epsilon)
      let applicable = samples.ids.indices.filter {
        round.task.attack.applies(to: samples.ids[$0], at: epsilon)
      }
      let chosen =
        attack.isProbe
        ? spreadBySample(applicable, of: samples)
        : applicable.filter {
          broken[attack.norm]?[samples.ids[$0]].map { $0 <= epsilon } != true
        }
      try run(round, on: samples.rows(plan.own(chosen)), findings: &findings, meter: &meter) {
        fraction in
        let words = "\(attack.id) at ε = \(epsilon.words)"
        progress((Double(index) + fraction) / Double(rounds.count), words)
      }
      guard !attack.isProbe else { continue }
      for sample in findings.broken(by: attack.id, at: epsilon) {
        let nearest = broken[attack.norm]?[sample] ?? .infinity
        broken[attack.norm, default: [:]][sample] = min(nearest, epsilon)
      }
    }
    for completed in tasks.map({ findings.completed($0.description) })
    where !known.attacks.contains(completed) {
      try store.store(completed, in: description.id)
    }
  }

  /// The rows that a probe is tried on: evenly spread over the samples, whatever their order here.
  private func spreadBySample(_ rows: [Int], of samples: AttackSamples) -> [Int] {
    let ordered = rows.sorted { samples.ids[$0] < samples.ids[$1] }
    return ordered.spread(plan.probedSamples).map { ordered[$0] }
  }

  /// The correctly classified samples, in encoded form; where there is a budget, those first that
  /// the model is least sure of.
  private func attackSamples(_ predictions: [PredictionFinding]) throws -> AttackSamples {
    var correct = predictions.indices.filter { predictions[$0].isCorrect }
    if plan.budget != nil {
      correct.sort { (predictions[$0].margin, $0) < (predictions[$1].margin, $1) }
    }
    let inputs = model.input.encoded(subject.inputs.rows(correct))
    return AttackSamples(
      inputs: inputs, classes: Tensor(correct.map { Int64(predictions[$0].label) }),
      ids: correct.map { predictions[$0].sample })
  }

  /// One attack at one radius on samples without a stored finding, at most `batchLimit` at a time.
  private func run(
    _ round: AttackRound, on samples: AttackSamples, findings: inout FindingTable,
    meter: inout BudgetMeter, progress: @escaping (Double) -> Void
  ) throws {
    let known = findings.samples(of: round.task.description.id, at: round.threat.epsilon)
    let pending = samples.ids.indices.filter { !known.contains(samples.ids[$0]) }
    let limit = max(min(plan.batchLimit ?? .max, pieceLimit ?? pending.count), 1)
    let counter = RoundProgress(
      tries: pending.count * round.task.attack.restarts, restarts: round.task.attack.restarts,
      report: progress)
    counter.report(0)
    for start in stride(from: 0, to: pending.count, by: limit) {
      guard round.task.isReplay || !meter.isSpent else { return }
      let batch = samples.rows(Array(pending[start..<min(start + limit, pending.count)]))
      let found = try self.findings(of: round, on: batch, counter)
      meter.add(found)
      findings.add(found)
    }
  }

  /// How many samples are attacked before a budget is looked at again: work for every thread, and
  /// the same number on every machine.
  private var pieceLimit: Int? { plan.budget == nil ? nil : 8 * classifier.microBatch }

  /// What the attack finds, stored micro-batch by micro-batch.
  private func findings(
    of round: AttackRound, on samples: AttackSamples, _ counter: RoundProgress
  ) throws -> [AttackFinding] {
    let runner = AttackRunner(model: classifier, seed: description.seed, threads: plan.threads)
    let positions = Dictionary(uniqueKeysWithValues: zip(samples.ids, samples.ids.indices))
    let found = Mutex<[AttackFinding]>([])
    _ = try runner.run(round.task.attack, under: round.threat, on: samples) { step in
      if !step.finished.isEmpty {
        let rows = step.finished.compactMap { positions[$0.sample] }
        let findings = try self.verified(step.finished, of: samples.rows(rows), in: round)
        try self.store.append(findings, to: self.description.id)
        found.withLock { $0 += findings }
      }
      counter.add(step)
    }
    return found.withLock { $0 }
  }

  /// The audit's own judgement of what an attack proposes.
  private func verified(
    _ outcomes: [AttackOutcome], of samples: AttackSamples, in round: AttackRound
  ) throws -> [AttackFinding] {
    let judged = try Verification.verify(
      outcomes, of: samples, under: round.threat, on: classifier)
    return zip(outcomes, judged).map { outcome, verdict in
      let violation = verdict.violation ?? verdict.proposalViolation
      let isBroken = verdict.isSuccess && violation == nil
      let logits = Tensor(verdict.logits, shape: [1, verdict.logits.count])
      return AttackFinding(
        sample: outcome.sample, attack: round.task.description.id,
        epsilon: round.threat.epsilon,
        outcome: isBroken ? .broken : (violation == nil ? .survived : .rejected),
        distance: verdict.distance, predicted: verdict.prediction,
        probabilities: Softmax.rows(logits)[0].map { $0.isFinite ? $0 : 0 },
        perturbed: isBroken ? rawSample(verdict.perturbed) : nil,
        flags: outcome.trace.flags(
          of: verdict, followsGradients: round.task.description.isWhiteBox),
        rejection: violation.map { "\($0)" },
        passes: outcome.trace.passes)
    }
  }

  private func rawSample(_ encoded: Tensor) -> Tensor {
    model.input.decoded(encoded.reshaped(to: [1] + encoded.shape)).row(0)
  }
}

extension PredictionFinding {
  /// How much likelier the label is than the likeliest other class.
  fileprivate var margin: Float {
    let others = probabilities.indices.filter { $0 != label }.map { probabilities[$0] }
    return probabilities[label] - (others.max() ?? 0)
  }
}

extension Collection {
  /// The positions of at most `count` elements, evenly spread.
  func spread(_ count: Int) -> [Int] {
    let chosen = Swift.min(Swift.max(count, 0), self.count)
    return (0..<chosen).map { $0 * self.count / chosen }
  }
}

/// How far a round has come.
///
/// Sendable although it changes: the runner reports one step at a time, while the round waits.
private final class RoundProgress: @unchecked Sendable {
  private let tries: Int
  private let restarts: Int
  private var done = 0
  let report: (Double) -> Void

  init(tries: Int, restarts: Int, report: @escaping (Double) -> Void) {
    self.tries = tries
    self.restarts = restarts
    self.report = report
  }

  /// Counts what went through a restart, and what needs no further one.
  func add(_ step: AttackRunner.Progress) {
    done += step.attempted + step.finished.count * (restarts - 1 - step.restart)
    report(Double(done) / Double(max(tries, 1)))
  }
}

/// The findings of a run while it attacks.
private struct FindingTable {
  private var findings: [String: [Double: [AttackFinding]]] = [:]

  init(_ known: [AttackFinding]) { add(known) }

  mutating func add(_ new: [AttackFinding]) {
    for finding in new {
      findings[finding.attack, default: [:]][finding.epsilon, default: []].append(finding)
    }
  }

  func samples(of attack: String, at epsilon: Double) -> Set<Int> {
    Set((findings[attack]?[epsilon] ?? []).map(\.sample))
  }

  func broken(by attack: String, at epsilon: Double) -> [Int] {
    (findings[attack]?[epsilon] ?? []).filter { $0.outcome == .broken }.map(\.sample)
  }

  /// The attack's description with the counts of its findings.
  func completed(_ attack: AttackDescription) -> AttackDescription {
    attack.counted((findings[attack.id] ?? [:]).values.flatMap(\.self))
  }
}

extension AttackDescription {
  /// The description with the counts of its findings.
  package func counted(_ findings: [AttackFinding]) -> AttackDescription {
    var attack = self
    attack.samplesAttacked = Set(findings.map(\.sample)).count
    attack.forwardPasses = findings.reduce(0) { $0 + $1.passes.forward }
    attack.backwardPasses = findings.reduce(0) { $0 + $1.passes.backward }
    return attack
  }
}
