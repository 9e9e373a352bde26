import Execution
import Models
import Tensors
import Testing

@testable import Attacks

@Suite("Attacks on what only answers") struct AccessTests {
  private static let model = Result {
    try QueryClassifier(
      Fixture.network(LawTests.image).model, on: ReferenceBackend(), microBatch: 4)
  }

  @Test("attacks without gradients find the same as on the model itself")
  func blackBox() throws {
    let (queried, whole) = (try Self.model.get(), try Fixture.network(LawTests.image))
    let samples = try Fixture.samples(LawTests.images(6), classifiedBy: whole)
    let threat = try ThreatModel(norm: .linf, epsilon: 0.05, input: LawTests.image)
    for name in AttackRegistry.namesWithoutGradient {
      let attack = try Fixture.quick(name)
      let found = try AttackRunner(model: queried, seed: 2, threads: 2).run(
        attack, under: threat, on: samples)
      #expect(
        try AttackRunner(model: whole, seed: 2).run(attack, under: threat, on: samples) == found)
    }
  }

  @Test("attacks that follow gradients are refused before they start")
  func whiteBox() throws {
    let queried = try Self.model.get()
    let samples = try Fixture.samples(LawTests.images(1), classifiedBy: queried)
    let threat = try ThreatModel(norm: .linf, epsilon: 0.05, input: LawTests.image)
    for name in Fixture.gradientAttacks {
      let refusal = AttackError.needsGradient(
        attack: name, reason: "it was made to be queried only",
        alternatives: AttackRegistry.namesWithoutGradient)
      let attack = try Fixture.quick(name)
      #expect(throws: refusal) {
        try AttackRunner(model: queried, seed: 2).run(attack, under: threat, on: samples)
      }
      #expect(throws: refusal) { try attack.check(queried.access) }
    }
    #expect(
      "\(AttackError.needsGradient(attack: "pgd", reason: "trees", alternatives: ["noise", "square"]))"
        == "attack 'pgd' needs a gradient, and the model has none (trees); attacks without one are "
        + "noise, square")
  }

  @Test("every attack is either a gradient attack or works without gradients")
  func registry() {
    #expect(
      Set(AttackRegistry.namesWithoutGradient)
        == Set(Fixture.everyAttack).subtracting(Fixture.gradientAttacks))
    #expect(AttackRegistry.all.allSatisfy { $0.needsGradient != ($0 is any BlackBoxAttack.Type) })
  }
}
