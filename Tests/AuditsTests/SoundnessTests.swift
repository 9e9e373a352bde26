import Attacks
import Audits
import Execution
import Models
import Programs
import Synchronization
import Tensors
import Testing

@Suite("Soundness")
struct SoundnessTests {
  @Test("an honest smooth model raises no warning")
  func honest() throws {
    let record = try audit(objective: .margin) { x, weight in
      x.linear(weight: weight).hyperbolicTangent() * 2
    }
    #expect(record.warnings.isEmpty, "\(record.warnings.map(\.raised))")
    #expect(record.gates.map(\.verdict) == [.passed])
    #expect(record.findings.contains { $0.outcome == .broken && !$0.attack.hasPrefix("probe/") })
  }

  @Test("a model of rounded inputs has no gradients, and a search without them breaks it")
  func staircase() throws {
    let record = try audit { x, weight in
      ((x * 8).rounded() / 8).linear(weight: weight).hyperbolicTangent() * 2
    }
    #expect(record.warnings.map(\.name) == ["zero-gradient"])
    #expect(!record.warnings.map(\.isVeto).contains(false))
    #expect(record.gates.map(\.verdict) == [.inconclusive])
    let missed = Set(
      record.findings.filter {
        ["noise/linf", "square/linf"].contains($0.attack) && $0.outcome == .broken
      }.map(\.sample))
    let warning = try #require(record.warnings.first)
    let concerned = missed.intersection(warning.samples).count
    #expect(concerned > 0)
    #expect(warning.raised.hasSuffix("; noise and square broke \(concerned) of them"))
  }

  @Test("logits ten thousand times too large leave the cross-entropy without gradients")
  func saturated() throws {
    let model = { (x: Value, weight: Value) in x.linear(weight: weight) * 1e4 }
    let record = try audit(model)
    #expect(record.warnings.map(\.name) == ["zero-gradient"])
    #expect(record.gates.map(\.verdict) == [.inconclusive])
    #expect(try audit(objective: .margin, model).warnings.isEmpty)
  }

  @Test("a model whose answers are no numbers near the data says so")
  func notFinite() throws {
    let record = try audit { x, weight in
      let edge = (1.02 - x.slice(axis: 1, 0..<1)).logarithm()
      return x.linear(weight: weight) + (0.9 - x.slice(axis: 1, 0..<1)).squareRoot() + edge * 0
    } keeping: {
      $0[0] < 0.9
    }
    #expect(record.warnings.map(\.name).contains("not-finite"))
    let warning = try #require(record.warnings.first { $0.name == "not-finite" })
    #expect(warning.isVeto && !warning.samples.isEmpty)
    #expect(record.findings.allSatisfy { $0.probabilities.allSatisfy(\.isFinite) })
  }

  @Test("a model that gives one answer everywhere cannot be broken, and is not believed")
  func constantAnswer() throws {
    let record = try audit { x, weight in
      let slope = x.linear(weight: weight).hyperbolicTangent() * 0.1
      return slope + x.builder.constant(Tensor([9, 0, 0] as [Float]))
    }
    #expect(record.warnings.map(\.name) == ["unbounded-attack-fails"])
    #expect(record.gates.map(\.verdict) == [.inconclusive])
    let warning = try #require(record.warnings.first)
    #expect(warning.isVeto && warning.raised.hasPrefix("10 of 10 samples survived"))
  }

  @Test("a model that answers differently each time is not believed")
  func random() throws {
    let record = try audit(on: NoisyBackend()) { x, weight in
      x.linear(weight: weight).hyperbolicTangent() * 2
    }
    let warning = try #require(record.warnings.first)
    #expect(warning.name == "answers-differ" && warning.isVeto && warning.samples.count == 40)
    #expect(record.gates.map(\.verdict) == [.inconclusive])
  }

  @Test("outputs that are probabilities are noticed")
  func softmax() throws {
    let record = try audit(objective: .margin) { x, weight in
      x.linear(weight: weight).softmax(axis: 1)
    }
    #expect(record.warnings.map(\.name) == ["softmax-output"])
    #expect(record.gates.map(\.verdict) == [.passed])
  }

  @Test("a control that breaks one sample of many warns; two of a hundred veto")
  func vetoThreshold() {
    for (missed, isVeto) in [(1, false), (2, true)] {
      let warnings = SoundnessChecks(HandmadeRecord.record(missed: missed, count: 100)).warnings()
      #expect(warnings.map(\.name) == ["control-beats-attack"])
      #expect(warnings.first?.isVeto == isVeto && warnings.first?.samples.count == missed)
    }
    #expect(SoundnessChecks(HandmadeRecord.record(missed: 0, count: 100)).warnings().isEmpty)
    #expect(
      SoundnessChecks(HandmadeRecord.record(missed: 10, count: 1000)).warnings().first?.isVeto
        == false)
  }

  @Test("one flat attack of two is no zero gradient; one false claim is told")
  func flags() {
    var record = HandmadeRecord.record(missed: 0, count: 10)
    record.findings[0].flags = [AttackFlag.zeroGradient]
    #expect(SoundnessChecks(record).warnings().map(\.name) == ["zero-gradient"])
    record.attacks.append(HandmadeRecord.description("pgd/linf", isWhiteBox: true))
    record.findings.append(HandmadeRecord.finding(0, "pgd/linf", .survived))
    #expect(SoundnessChecks(record).warnings().isEmpty)
    record.findings[1].outcome = .rejected
    record.findings[2].flags = [AttackFlag.falseClaim]
    #expect(
      SoundnessChecks(record).warnings().map(\.name)
        == ["proposal-rejected", "claim-not-confirmed"])
  }

  @Test("an attack that is cut short has not converged")
  func notConverged() throws {
    let slow = try AttackRegistry.attack(
      named: "pgd",
      settings: ["steps": .int(12), "relative-step": .double(0.01), "random-start": .bool(false)])
    let record = try audit(attacks: [.init(slow, isControl: false)]) { x, weight in
      x.linear(weight: weight).hyperbolicTangent() * 2
    }
    #expect(record.warnings.map(\.name) == ["not-converged"])
    #expect(record.gates.map(\.verdict) == [.passed])
  }

  // MARK: Audits

  private func audit(
    objective: Objective = .crossEntropy, attacks: [AuditPlan.PlannedAttack]? = nil,
    on backend: any Backend = ReferenceBackend(), _ logits: @escaping (Value, Value) -> Value,
    keeping isKept: ([Double]) -> Bool = { _ in true }
  ) throws -> AuditRecord {
    let classifier = try AuditModels.numbers(6, seed: 21, on: backend, logits)
    var subject = try AuditModels.subject(
      for: AuditModels.numbers(6, seed: 21, logits), count: 60, isAlwaysRight: true)
    let kept = (0..<60).filter { isKept(subject.inputs.row($0).doubles) }.prefix(40)
    let rows = Array(kept)
    subject = AuditSubject(
      inputs: subject.inputs.rows(rows), labels: rows.map { subject.labels[$0] }, samples: rows,
      names: rows.map(String.init), groups: rows.map { _ in [] })
    let gate = Gate(
      kind: .robustAccuracy, norm: .linf, epsilon: 0.02, threshold: 0.5, isAtLeast: true)
    let planned = try attacks ?? self.attacks(objective)
    let plan = AuditPlan(
      suiteName: "soundness", suiteText: "",
      threats: [.init(norm: .linf, epsilons: [0.02, 0.1])], attacks: planned, gates: [gate],
      explanations: [], probedSamples: 10)
    return try SmallAudit(classifier, subject, plan).run()
  }

  private func attacks(_ objective: Objective) throws -> [AuditPlan.PlannedAttack] {
    let pgd = try AttackRegistry.attack(
      named: "pgd",
      settings: [
        "steps": .int(40), "relative-step": .double(0.1), "restarts": .int(2),
        "objective": .string(objective.rawValue),
      ])
    return [
      .init(
        try AttackRegistry.attack(
          named: "fgsm", settings: ["objective": .string(objective.rawValue)]), isControl: false),
      .init(pgd, isControl: false),
      .init(try AttackRegistry.attack(named: "noise"), isControl: true),
      .init(
        try AttackRegistry.attack(named: "square", settings: ["queries": .int(100)]),
        isControl: true),
    ]
  }
}

/// The reference backend with numbers added to results that are never the same twice.
private final class NoisyBackend: Backend {
  private let calls = Mutex(0)
  var description: String { "noisy" }

  func compile(_ program: Program) throws -> any Executable {
    Noisy(inner: try ReferenceBackend().compile(program), backend: self)
  }

  private struct Noisy: Executable {
    let inner: any Executable
    let backend: NoisyBackend

    func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
      let call = backend.calls.withLock { calls in
        calls += 1
        return calls
      }
      return try inner(inputs).map { result in
        guard result.elementType == .float32 else { return result }
        return Tensor(result.floats.map { $0 + 1e-6 * Float(call % 7) }, shape: result.shape)
      }
    }
  }
}
