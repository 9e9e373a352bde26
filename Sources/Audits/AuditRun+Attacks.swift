import Attacks
import Models
import Synchronization
import Tensors

extension AuditRun {
  /// Runs every attack at every radius on the samples that nothing has broken yet.
  ///
  /// Radii ascend and cheap attacks come first: a sample that is broken at one radius is broken at
  /// every larger one, and is attacked no more under that norm.
  func attack(
    _ predictions: [PredictionFinding], known: AuditRecord, progress: (Double, String) -> Void
  ) throws {
    let samples = try attackSamples(predictions)
    let tasks = try plannedTasks()
    for task in tasks { try store.store(task.description, in: description.id) }
    var ledger = FindingTable(known.findings)
    var broken: [Norm: Set<Int>] = [:]
    let total = Double(max(tasks.reduce(0) { $0 + $1.threats.count }, 1))
    var done = 0.0
    for round in AttackRound.all(of: tasks) {
      let task = round.task
      let norm = task.description.norm
      let pending = samples.ids.indices.filter { !(broken[norm] ?? []).contains(samples.ids[$0]) }
      let limit = task.isProbe ? plan.probedSamples : pending.count
      let chosen = Array((task.isProbe ? Array(samples.ids.indices) : pending).prefix(limit))
      progress(done / total, "\(task.description.id) at ε = \(round.threat.epsilon.words)")
      try run(round, on: samples.rows(chosen), ledger: &ledger) { fraction in
        progress(
          (done + fraction) / total, "\(task.description.id) at ε = \(round.threat.epsilon.words)")
      }
      if !task.isProbe {
        broken[norm, default: []].formUnion(
          ledger.broken(by: task.description.id, at: round.threat.epsilon))
      }
      done += 1
    }
    for task in tasks {
      try store.store(ledger.completed(task.description), in: description.id)
    }
  }

  /// The correctly classified samples, in encoded form.
  private func attackSamples(_ predictions: [PredictionFinding]) throws -> AttackSamples {
    let correct = predictions.indices.filter { predictions[$0].isCorrect }
    let inputs = model.input.encoded(subject.inputs.rows(correct))
    return AttackSamples(
      inputs: inputs, classes: Tensor(correct.map { Int64(predictions[$0].label) }),
      ids: correct.map { predictions[$0].sample })
  }

  /// One attack at one radius on samples without a stored finding; findings are stored as they come.
  private func run(
    _ round: AttackRound, on samples: AttackSamples, ledger: inout FindingTable,
    progress: (Double) -> Void
  ) throws {
    let id = round.task.description.id
    let epsilon = round.threat.epsilon
    let known = ledger.samples(of: id, at: epsilon)
    let pending = samples.rows(samples.ids.indices.filter { !known.contains(samples.ids[$0]) })
    guard pending.count > 0 else { return }
    let runner = AttackRunner(
      model: classifier, seed: description.seed, threads: plan.threads)
    let found = Mutex<[AttackFinding]>([])
    let positions = Dictionary(
      pending.ids.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
    _ = try runner.run(round.task.attack, under: round.threat, on: pending) { step in
      guard !step.finished.isEmpty else { return }
      let rows = step.finished.compactMap { positions[$0.sample] }
      let findings = try self.verified(step.finished, of: pending.rows(rows), in: round)
      try self.store.append(findings, to: self.description.id)
      found.withLock { $0 += findings }
    }
    ledger.add(found.withLock { $0 })
    progress(1)
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
        probabilities: Softmax.rows(logits)[0],
        perturbed: isBroken ? rawSample(verdict.perturbed) : nil,
        flags: outcome.trace.flags(isConfirmed: verdict.isSuccess),
        rejection: violation.map { "\($0)" }, passes: outcome.trace.passes)
    }
  }

  private func rawSample(_ encoded: Tensor) -> Tensor {
    model.input.decoded(encoded.reshaped(to: [1] + encoded.shape)).row(0)
  }
}

extension AttackTrace {
  /// What a reader of the finding should know.
  fileprivate func flags(isConfirmed: Bool) -> [String] {
    [
      zeroGradients > 0 ? AttackFlag.zeroGradient : nil,
      nonFinite > 0 ? AttackFlag.notFinite : nil,
      isConverged == false ? AttackFlag.stillRising : nil,
      claimsSuccess && !isConfirmed ? AttackFlag.falseClaim : nil,
    ].compactMap(\.self)
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
    let all = (findings[attack.id] ?? [:]).values.flatMap(\.self)
    var attack = attack
    attack.samplesAttacked = Set(all.map(\.sample)).count
    attack.forwardPasses = all.reduce(0) { $0 + $1.passes.forward }
    attack.backwardPasses = all.reduce(0) { $0 + $1.passes.backward }
    return attack
  }
}
