import Models
import Tensors
import Testing

@testable import Attacks

/// What holds for every registered attack, whatever it does.
@Suite("Every attack") struct LawTests {
  static let image = InputSpecification.image([2, 4, 4])

  static func images(_ count: Int) -> Tensor {
    var random = RandomStream(seed: 9, purpose: "images")
    return random.uniform([count, 2, 4, 4])
  }

  @Test(
    "keeps ball, range, immutability, direction, integrality and one-hot blocks",
    arguments: Fixture.everyAttack, Norm.allCases)
  func keepsRules(name: String, norm: Norm) throws {
    let attack = try Fixture.quick(name)
    let model = try Fixture.network(Fixture.table)
    let samples = try Fixture.samples(Fixture.tableRows(9), classifiedBy: model)
    for (epsilon, cost) in [(0.3, 0.2), (1.2, 1.0), (0.5, nil)] as [(Double, Double?)] {
      let threat = try ThreatModel(
        norm: norm, epsilon: epsilon, input: Fixture.table, scale: .range, categoryCost: cost)
      let outcomes = try AttackRunner(model: model, seed: 2).run(
        attack, under: threat, on: samples)
      let verified = try Verification.verify(outcomes, of: samples, under: threat, on: model)
      #expect(verified.allSatisfy { $0.proposalViolation == nil })
      #expect(verified.allSatisfy { $0.violation == nil && !$0.contradictsClaim })
      #expect(verified.allSatisfy { $0.distance <= epsilon * (1 + 1e-5) })
      // Judged by the input specification alone: raw codes are valid and decoding is exact.
      let valid = Tensor.concatenated(
        verified.map { $0.perturbed.reshaped(to: $0.perturbed.shape.batched(1, before: true)) })
      let raw = Fixture.table.decoded(valid)
      #expect(Fixture.table.firstViolation(in: raw) == nil)
      #expect(Fixture.table.encoded(raw) == valid)
    }
  }

  @Test("stays in ball and range on images", arguments: Fixture.everyAttack, Norm.allCases)
  func keepsRulesOnImages(name: String, norm: Norm) throws {
    let model = try Fixture.network(Self.image)
    let samples = try Fixture.samples(Self.images(6), classifiedBy: model)
    let epsilon = [Norm.linf: 0.1, .l2: 0.4, .l1: 1.5][norm, default: 0]
    let threat = try ThreatModel(norm: norm, epsilon: epsilon, input: Self.image)
    let outcomes = try AttackRunner(model: model, seed: 2).run(
      Fixture.quick(name), under: threat, on: samples)
    let verified = try Verification.verify(outcomes, of: samples, under: threat, on: model)
    #expect(verified.allSatisfy { $0.proposalViolation == nil && !$0.contradictsClaim })
    #expect(zip(outcomes, verified).allSatisfy { $0.perturbed == $1.perturbed })
  }

  @Test("goes on in smaller micro-batches once half of the samples are broken")
  func thinsOut() throws {
    let inputs = Tensor((0..<8).map { Float($0) }, shape: [8, 1])
    let classes = Tensor([Int64](repeating: 0, count: 8))
    let batch = AttackBatch(
      inputs: inputs, classes: classes, samples: Array(0..<8), seed: 1, count: 7)
    var search = AttackSearch(batch)
    func look(breaking broken: Set<Int>, places: Int) -> Evaluation {
      let logits = (0..<places).flatMap { broken.contains($0) ? [0, 1] : [1, 0] as [Float] }
      return Evaluation(
        objective: Tensor((0..<places).map { Float($0) }),
        logits: Tensor(logits, shape: [places, 2]))
    }
    search.observe(inputs, look(breaking: [1, 4], places: 8))
    #expect(search.thinned(from: 8) == nil)
    search.observe(inputs, look(breaking: [0, 6], places: 8))
    #expect(search.thinned(from: 8) == [2, 3, 5, 5])
    // The fourth place only fills up; the third belongs to row 5.
    search.observe(inputs.rows([7, 6, 5, 5]), look(breaking: [0, 1, 3], places: 4))
    #expect(search.open.map(\.row) == [5])
    #expect(search.thinned(from: 4) == [2])
    let found = search.proposal()
    #expect(found.traces.map(\.claimsSuccess) == [true, true, true, true, true, false, true])
    #expect(found.traces.map(\.points) == [2, 1, 3, 3, 1, 3, 2])
    #expect(Array(found.perturbed.floats.prefix(7)) == [0, 1, 7, 6, 4, 5, 6])
  }

  @Test("leaves held inputs as they are", arguments: Fixture.everyAttack, Norm.allCases)
  func leavesHeldInputs(name: String, norm: Norm) throws {
    let input = Self.image.holding([HeldInput(name: "mask", shape: [5])])
    var random = RandomStream(seed: 3, purpose: "held")
    let held = random.normal([6, 5])
    let model = try Fixture.network(input)
    let samples = try Fixture.samples(
      input.packed(Self.images(6), holding: [held]), classifiedBy: model)
    let threat = try ThreatModel(norm: norm, epsilon: 0.4, input: input, scale: .range)
    let outcomes = try AttackRunner(model: model, seed: 2).run(
      Fixture.quick(name), under: threat, on: samples)
    let verified = try Verification.verify(outcomes, of: samples, under: threat, on: model)
    #expect(verified.allSatisfy { $0.proposalViolation == nil && !$0.contradictsClaim })
    for (row, outcome) in outcomes.enumerated() {
      let kept = outcome.perturbed.floats[input.heldPositions].prefix(5)
      #expect(Array(kept) == held.row(row).floats)
    }
    #expect(outcomes.contains { $0.trace.claimsSuccess })
  }

  @Test(
    "gives the same bytes for any threads, micro-batches and batches",
    arguments: Fixture.everyAttack)
  func isReproducible(name: String) throws {
    let attack = try Fixture.quick(name)
    let threat = try ThreatModel(norm: .linf, epsilon: 0.04, input: Self.image)
    func outcomes(microBatch: Int, threads: Int, limit: Int) throws -> [AttackOutcome] {
      let model = try Fixture.network(Self.image, microBatch: microBatch)
      let samples = try Fixture.samples(Self.images(11), classifiedBy: model)
      let runner = AttackRunner(model: model, seed: 4, threads: threads)
      return try stride(from: 0, to: 11, by: limit).flatMap { start in
        try runner.run(
          attack, under: threat, on: samples.rows(Array(start..<min(start + limit, 11))))
      }
    }
    let expected = try outcomes(microBatch: 4, threads: 1, limit: 11)
    #expect(try outcomes(microBatch: 4, threads: 2, limit: 11) == expected)
    #expect(try outcomes(microBatch: 3, threads: 2, limit: 5) == expected)
    #expect(try outcomes(microBatch: 4, threads: 1, limit: 11) == expected)
    let claims = expected.count { $0.trace.claimsSuccess }
    #expect(claims < 11, "some samples must survive for the law to say much")
  }

  @Test("counts passes per sample, whatever fills the micro-batch", arguments: [1, 2])
  func countsPasses(threads: Int) throws {
    // Far from the boundary nothing is broken, so that every step is taken.
    let input = Fixture.free(3)
    let expected: [(String, PassCount)] = [
      ("fgsm", PassCount(forward: 2, backward: 1)),
      ("bim", PassCount(forward: 21, backward: 20)),
      ("pgd", PassCount(forward: 26, backward: 24)),
      ("mi-fgsm", PassCount(forward: 11, backward: 10)),
      ("apgd", PassCount(forward: 26, backward: 26)),
      ("noise", PassCount(forward: 10)),
      ("square", PassCount(forward: 60)),
      ("simba", PassCount(forward: 60)),
    ]
    for (name, passes) in expected {
      let model = try Fixture.linear([1, 1, 1], bias: 100, input: input)
      let samples = AttackSamples(
        inputs: Tensor(zeros: [7, 3]), classes: Tensor([Int64](repeating: 1, count: 7)),
        ids: Array(0..<7))
      let threat = try ThreatModel(norm: .l2, epsilon: 1, input: input)
      let outcomes = try AttackRunner(model: model, seed: 1, threads: threads).run(
        Fixture.quick(name), under: threat, on: samples)
      #expect(outcomes.allSatisfy { $0.trace.passes == passes }, "\(name)")
      #expect(model.passes == passes * 7, "\(name)")
    }
  }

  @Test("a grid of radii stops at the smallest that succeeds")
  func stopsAtSmallestRadius() throws {
    let input = Fixture.free(2)
    let model = try Fixture.linear([1, 1], bias: 0, input: input)
    // The L∞ distances are 0.05, 0.25 and 1.
    let inputs = Tensor([0.05, 0.05, 0.25, 0.25, 1, 1] as [Float], shape: [3, 2])
    let samples = try Fixture.samples(inputs, classifiedBy: model)
    let threats = try [0.1, 0.3, 0.5].map {
      try ThreatModel(norm: .linf, epsilon: $0, input: input)
    }
    let outcomes = try AttackRunner(model: model, seed: 1).run(
      FastGradientSignMethod(), over: threats, on: samples)
    #expect(outcomes.map { $0.map(\.epsilon) } == [[0.1], [0.1, 0.3], [0.1, 0.3, 0.5]])
    #expect(outcomes.map { $0.last?.trace.claimsSuccess } == [true, true, false])
  }
}

extension Shape {
  /// The shape with an axis before all others.
  fileprivate func batched(_ count: Int, before: Bool) -> Shape { Shape([count]) + self }
}
