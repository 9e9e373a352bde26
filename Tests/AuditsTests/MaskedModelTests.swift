import Attacks
import Audits
import Execution
import Models
import Tensors
import Testing

/// Whole audits of models whose gradients are hidden: none may be believed, and each says why.
@Suite("Masked models")
struct MaskedModelTests {
  @Test(
    "each mask raises the warning meant for it alone, and no gate passes",
    arguments: MaskedModel.allCases)
  func masked(_ model: MaskedModel) throws {
    let record = try audit(model)
    #expect(record.warnings.map(\.name) == [model.flag], "\(record.warnings.map(\.raised))")
    let warning = try #require(record.warnings.first)
    #expect(warning.isVeto && !warning.samples.isEmpty)
    #expect(!warning.raised.isEmpty && !warning.explanation.isEmpty)
    #expect(!warning.suggestion.isEmpty)
    let gate = try #require(record.gates.first)
    #expect(gate.verdict == .inconclusive)
    #expect(gate.reason.hasSuffix("would pass, but is not believed: \(model.flag)"))
    #expect(try #require(gate.value) >= gate.threshold)
  }

  @Test("the plain model raises nothing, and its gate passes")
  func plain() throws {
    let record = try audit(nil)
    #expect(record.warnings.isEmpty, "\(record.warnings.map(\.raised))")
    #expect(record.gates.map(\.verdict) == [.passed])
    #expect(record.findings.contains { $0.attack == "fgsm/linf" && $0.outcome == .broken })
  }

  @Test("in a wide ball kinks that point anywhere are no better than noise")
  func noiseAsStrong() throws {
    func audit(_ model: MaskedModel?) throws -> AuditRecord {
      try self.audit(model, features: 17, seed: 5, epsilons: [0.3], objective: .margin)
    }
    let masked = try audit(.scatteredKinks)
    #expect(masked.warnings.map(\.name) == ["noise-as-strong"])
    #expect(masked.gates.map(\.verdict) != [.passed])
    let plain = try audit(nil)
    #expect(plain.warnings.isEmpty, "\(plain.warnings.map(\.raised))")
  }

  @Test(
    "findings say for each sample what its attack noticed",
    arguments: [
      (MaskedModel.quantisedInput, AttackFlag.zeroGradient), (.kinks, AttackFlag.noRise),
    ])
  func stored(_ model: MaskedModel, flag: String) throws {
    let record = try audit(model)
    let warning = try #require(record.warnings.first)
    let flagged = record.findings.filter {
      $0.attack == "pgd/linf" && $0.outcome == .survived && $0.flags.contains(flag)
    }
    #expect(Set(warning.samples).isSubset(of: flagged.map(\.sample)))
    let plain = try audit(nil)
    #expect(!plain.findings.contains { $0.flags.contains(flag) && $0.outcome == .survived })
  }

  // MARK: Audits

  private func audit(
    _ model: MaskedModel?, features: Int = 6, seed: UInt64 = 22,
    epsilons: [Double] = [0.02, 0.05, 0.1], objective: Objective = .crossEntropy
  ) throws -> AuditRecord {
    func classifier(on backend: any Backend) throws -> ProgramClassifier {
      try AuditModels.numbers(features, seed: seed, on: backend) { x, weight in
        model?.logits(x, weight) ?? MaskedModel.plain(x, weight)
      }
    }
    let subject = try AuditModels.subject(
      for: classifier(on: ReferenceBackend()), count: 40, isAlwaysRight: true)
    let gate = Gate(
      kind: .robustAccuracy, norm: .linf, epsilon: epsilons[epsilons.count / 2], threshold: 0.1,
      isAtLeast: true)
    let plan = AuditPlan(
      suiteName: "masked", suiteText: "", threats: [.init(norm: .linf, epsilons: epsilons)],
      attacks: try attacks(objective), gates: [gate], explanations: [], probedSamples: 40)
    return try SmallAudit(
      classifier(on: model?.backend ?? ReferenceBackend()), subject, plan
    ).run()
  }

  private func attacks(_ objective: Objective) throws -> [AuditPlan.PlannedAttack] {
    let objective = SettingValue.string(objective.rawValue)
    let pgd: [String: SettingValue] = [
      "steps": .int(40), "relative-step": .double(0.1), "restarts": .int(2),
      "objective": objective,
    ]
    return [
      .init(
        try AttackRegistry.attack(named: "fgsm", settings: ["objective": objective]),
        isControl: false),
      .init(try AttackRegistry.attack(named: "pgd", settings: pgd), isControl: false),
      .init(try AttackRegistry.attack(named: "noise"), isControl: true),
      .init(
        try AttackRegistry.attack(named: "square", settings: ["queries": .int(100)]),
        isControl: true),
    ]
  }
}
