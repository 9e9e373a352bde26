import Models
import Programs
import Tensors
import Testing

@testable import Attacks

/// An attack that leaves the ball and always claims success.
private struct Cheat: Attack {
  static let name = "cheat"
  static let summary = "claims what it did not do"
  static let settingNames: [String] = []

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal {
    var trace = AttackTrace()
    trace.claimsSuccess = true
    return AttackProposal(
      perturbed: batch.inputs - 10, traces: Array(repeating: trace, count: batch.count))
  }
}

@Suite("Soundness") struct SoundnessTests {
  @Test("verification draws a cheat back into the ball and judges it there")
  func rejectsCheats() throws {
    let input = Fixture.free(2)
    let model = try Fixture.linear([1, 1], bias: 0, input: input)
    let samples = try Fixture.samples(
      Tensor([1, 1, 0.1, 0.1] as [Float], shape: [2, 2]), classifiedBy: model)
    let threat = try ThreatModel(norm: .linf, epsilon: 0.5, input: input)
    let outcomes = try AttackRunner(model: model, seed: 1).run(
      Cheat(), under: threat, on: samples)
    let verified = try Verification.verify(outcomes, of: samples, under: threat, on: model)
    #expect(verified.map(\.isSuccess) == [false, true])
    #expect(verified.map(\.contradictsClaim) == [true, false])
    guard case .budget(let distance, 0.5) = verified[0].proposalViolation else {
      Issue.record("expected a broken budget, got \(String(describing: verified[0]))")
      return
    }
    // Rounding to float32 is forgiven, so that the distance is a little less than 10.
    #expect(abs(distance - 10) < 1e-5)
    #expect(verified.allSatisfy { $0.violation == nil })
    #expect(verified[0].perturbed.floats == [0.5, 0.5])
  }

  @Test("a staircase has zero gradients everywhere: counted, and broken without gradients")
  func flagsZeroGradients() throws {
    let input = Fixture.unitBox(4)
    let model = try Fixture.classifier(input) { inputs in
      let steps = (inputs * 8).floor() / 8
      let score = steps.sum(over: [1], keepingDimensions: true) - 1.9
      return Value.concatenated([-score, score], axis: 1)
    }
    let samples = try Fixture.samples(
      Tensor([Float](repeating: 0.6, count: 4), shape: [1, 4]), classifiedBy: model)
    let threat = try ThreatModel(norm: .linf, epsilon: 0.2, input: input)
    let runner = AttackRunner(model: model, seed: 1)
    let descent = try runner.run(BasicIterativeMethod(), under: threat, on: samples)[0].trace
    #expect(!descent.claimsSuccess)
    #expect(descent.zeroGradients == 20 && descent.points == 21)
    let search = try runner.run(SquareAttack(), under: threat, on: samples)[0].trace
    #expect(search.claimsSuccess)
  }

  @Test("a model that answers NaN is flagged and never counts as broken")
  func flagsNonFinite() throws {
    let input = Fixture.unitBox(2)
    let model = try Fixture.classifier(input) { inputs in
      let score = (inputs.sum(over: [1], keepingDimensions: true) - 1.2).squareRoot()
      return Value.concatenated([-score, score], axis: 1)
    }
    let samples = AttackSamples(
      inputs: Tensor([0.7, 0.7] as [Float], shape: [1, 2]), classes: Tensor([1] as [Int64]),
      ids: [0])
    let threat = try ThreatModel(norm: .linf, epsilon: 0.3, input: input)
    for name in Fixture.everyAttack {
      let outcomes = try AttackRunner(model: model, seed: 1).run(
        Fixture.quick(name), under: threat, on: samples)
      let verified = try Verification.verify(outcomes, of: samples, under: threat, on: model)
      #expect(!outcomes[0].trace.claimsSuccess && !verified[0].isSuccess, "\(name)")
      #expect(outcomes[0].trace.nonFinite > 0, "\(name)")
    }
  }

  @Test("settings come by name, and mistakes are named with what was meant")
  func decodesSettings() throws {
    func message(_ name: String, _ settings: [String: SettingValue] = [:]) -> String {
      do {
        _ = try AttackRegistry.attack(named: name, settings: settings)
        return "no error"
      } catch { return "\(error)" }
    }
    let attack = try AttackRegistry.attack(
      named: "pgd",
      settings: [
        "steps": .int(7), "step-size": .double(0.01), "random-start": .bool(false),
        "objective": .string("margin"),
      ])
    var expected = ProjectedGradientDescent()
    expected.steps = 7
    expected.stepSize = 0.01
    expected.randomStart = false
    expected.objective = .margin
    #expect(attack as? ProjectedGradientDescent == expected)
    #expect(message("pdg") == "there is no attack 'pdg'; did you mean 'pgd'?")
    #expect(
      message("pgd", ["step": .int(1)])
        == "attack 'pgd' has no setting 'step'; did you mean 'steps'?")
    #expect(
      message("pgd", ["steps": .string("many")])
        == "setting 'steps' of attack 'pgd' expects a whole number, got 'many'")
    #expect(
      message("bim", ["steps": .double(1.5)])
        == "setting 'steps' of attack 'bim' expects a whole number, got 1.5")
    #expect(
      message("fgsm", ["objective": .string("ce")])
        == "setting 'objective' of attack 'fgsm' expects one of logit, cross-entropy, margin, dlr, got 'ce'"
    )
    #expect(
      message("noise", ["draws": .int(0)])
        == "setting 'draws' of attack 'noise' expects a positive number, got 0")
    for type in AttackRegistry.all {
      let attack = try AttackRegistry.attack(named: type.name)
      let names = try AttackRegistry.settings(of: attack).keys
      #expect(Set(names).isSubset(of: type.settingNames))
      try attack.validate()
    }
  }
}
