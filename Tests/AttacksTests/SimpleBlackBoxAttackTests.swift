import Models
import Programs
import Tensors
import Testing

@testable import Attacks

@Suite("SimBA where gradients are zero") struct SimpleBlackBoxAttackTests {
  private static let input = InputSpecification.table([
    Feature(name: "amount", range: ValueRange(0...10)),
    Feature(name: "years", kind: .integer, range: ValueRange(0...20)),
    Feature(name: "owner", kind: .binary),
    Feature(name: "purpose", kind: .categorical, categories: ["car", "home", "study"]),
  ])

  /// The votes of four thresholds against a bias; a class change needs all that ε allows.
  private static func model() throws -> ProgramClassifier {
    try Fixture.classifier(input) { x in
      let thresholds = x.constant(Tensor([6, 12, 0.5, 2, 2, 0.5] as [Float], shape: [1, 6]))
      let votes = x.isGreater(than: thresholds).sum(over: [1], keepingDimensions: true) - 3.5
      return Value.concatenated([votes * 0, votes], axis: 1)
    }
  }

  @Test("thresholds of numbers, whole numbers, binary values and categories are crossed together")
  func crossesThresholds() throws {
    let model = try Self.model()
    let clean = Self.input.encoded(Tensor([5, 10, 0, 0] as [Float], shape: [1, 4]))
    let samples = try Fixture.samples(clean, classifiedBy: model)
    // Numbers need 0.1 of their range and more, switches cost 0.1.
    for (epsilon, isExpected) in [(0.11, false), (0.16, true)] {
      let threat = try ThreatModel(
        norm: .linf, epsilon: epsilon, input: Self.input, scale: .range, categoryCost: 0.1)
      let outcomes = try AttackRunner(model: model, seed: 1).run(
        SimpleBlackBoxAttack(), under: threat, on: samples)
      let verified = try Verification.verify(outcomes, of: samples, under: threat, on: model)
      #expect(verified[0].isSuccess == isExpected)
      #expect(verified[0].proposalViolation == nil && !verified[0].contradictsClaim)
    }
  }

  @Test("where nothing may move, one query says so")
  func immovable() throws {
    let input = InputSpecification.table([
      Feature(name: "age", range: ValueRange(0...1), isMutable: false),
      Feature(name: "owner", kind: .binary),
    ])
    let model = try Fixture.linear([1, 1], bias: -0.5, input: input)
    let samples = try Fixture.samples(
      Tensor([0, 0] as [Float], shape: [1, 2]), classifiedBy: model)
    let threat = try ThreatModel(norm: .linf, epsilon: 0.5, input: input)
    let outcomes = try AttackRunner(model: model, seed: 1).run(
      SimpleBlackBoxAttack(), under: threat, on: samples)
    #expect(outcomes[0].trace.passes == PassCount(forward: 1))
    #expect(outcomes[0].perturbed == samples.inputs.row(0))
  }
}
