import Attacks
import Audits
import Models
import Programs
import Tensors
import Testing

@Suite("Findings")
struct RobustnessTests {
  @Test("what breaks a table keeps every rule, is as far as stated, and changes the answer")
  func tableRules() throws {
    let audit = try SmallAudit.credit()
    let record = try audit.run()
    let costs: [Norm: Double] = [.linf: 0.2, .l1: 0.5]
    let scales = [57.0, 10, 5, 1, 6, 1]
    var changed = Set<Int>()
    for (finding, attack, clean) in try broken(record) where !attack.isProbe {
      let after = try #require(finding.perturbed).doubles
      let before = clean.input.doubles
      var moves: [Double] = []
      for column in before.indices where after[column] != before[column] {
        changed.insert(column)
        let isSwitch = column == 3 || column == 5
        let cost = try #require(costs[attack.norm])
        moves.append(isSwitch ? cost : abs(after[column] - before[column]) / scales[column])
      }
      #expect(after[0] == before[0] && after[2] >= before[2])
      #expect((0...10).contains(after[1]) && after[2] <= 5 && [0, 1].contains(after[3]))
      #expect((0...6).contains(after[4]) && after[4] == after[4].rounded())
      #expect([0, 1, 2].contains(after[5]))
      let distance = attack.norm == .linf ? moves.max() ?? 0 : moves.reduce(0, +)
      #expect(abs(distance - finding.distance) < 1e-6 && distance <= finding.epsilon + 1e-5)
      try expectAnswer(audit, after, shape: [6], finding, clean)
    }
    #expect(changed.isSuperset(of: [1, 2]) && !changed.isDisjoint(with: [3, 5]))
  }

  @Test("what breaks an image lies in its range, as far as stated, and changes the answer")
  func imageRules() throws {
    let audit = try SmallAudit.image()
    let record = try audit.run()
    for (finding, attack, clean) in try broken(record) {
      let after = try #require(finding.perturbed).doubles
      let moves = zip(after, clean.input.doubles).map { abs($0 - $1) }
      #expect(after.allSatisfy { (0...1).contains($0) })
      let distance =
        attack.norm == .linf
        ? moves.max() ?? 0 : moves.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(distance - finding.distance) < 1e-6 && distance <= finding.epsilon + 1e-6)
      try expectAnswer(audit, after, shape: [1, 8, 8], finding, clean)
    }
  }

  @Test("robust accuracy falls as ε grows, and only correct answers are attacked")
  func monotone() throws {
    for record in [try SmallAudit.credit().run(), try SmallAudit.image().run()] {
      let correct = Set(record.predictions.filter(\.isCorrect).map(\.sample))
      #expect(record.findings.allSatisfy { correct.contains($0.sample) })
      let robustness = Robustness(record)
      #expect(robustness.norms.count == 2)
      for norm in robustness.norms {
        let counts = robustness.epsilons(norm).map { robustness.robustCount(norm, within: $0) }
        #expect(counts.count == 2 && counts[0] >= counts[1] && counts[0] <= correct.count)
        #expect(counts[1] < correct.count)
      }
    }
  }

  @Test("a linear model breaks at the first ε beyond its closed form", arguments: Norm.allCases)
  func linear(norm: Norm) throws {
    let weights: [Float] = [1, -2, 0.5, 0.25, -0.5, 1.5, 0.75, -1]
    let classifier = try AuditModels.numbers(4, classes: 2, isBounded: false) { x, _ in
      x.linear(
        weight: x.builder.constant(Tensor(weights, shape: [2, 4])),
        bias: x.builder.constant(Tensor([0.25, -0.125] as [Float])))
    }
    let slope = (0..<4).map { Double(weights[$0] - weights[$0 + 4]) }
    let dual =
      switch norm {
      case .linf: slope.reduce(0) { $0 + abs($1) }
      case .l2: slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
      case .l1: slope.map { abs($0) }.max() ?? 0
      }
    let subject = try AuditModels.subject(for: classifier, count: 40)
    let epsilons = (1...24).map { 0.05 * Double($0) }
    let plan = AuditPlan(
      suiteName: "linear", suiteText: "", threats: [.init(norm: norm, epsilons: epsilons)],
      attacks: [.init(try AttackRegistry.attack(named: "fgsm"), isControl: false)], gates: [],
      explanations: [], probedSamples: 0)
    let record = try SmallAudit(classifier, subject, plan).run()
    let found = Dictionary(
      uniqueKeysWithValues: record.findings.filter { $0.outcome == .broken }.map {
        ($0.sample, $0.epsilon)
      })
    for prediction in record.predictions where prediction.isCorrect {
      let input = prediction.input.doubles
      let margin = abs(zip(slope, input).reduce(0.375) { $0 + $1.0 * $1.1 })
      let distance = margin / dual
      guard epsilons.allSatisfy({ abs($0 - distance) > 1e-5 }) else { continue }
      #expect(found[prediction.sample] == epsilons.first { $0 > distance })
    }
    #expect(found.count > 10 && record.warnings.isEmpty)
  }

  @Test("a model that is always wrong is audited: there is nothing to attack")
  func alwaysWrong() throws {
    var audit = try SmallAudit.credit(samples: 6)
    audit.subject.labels = audit.subject.labels.indices.map { _ in 0 }
    let answers = try audit.classifier.predictions(
      audit.classifier.input.encoded(audit.subject.inputs)
    ).scalars(of: Int64.self)
    audit.subject.labels = answers.map { (Int($0) + 1) % 3 }
    let record = try audit.run()
    #expect(record.findings.isEmpty && record.run.isComplete)
    #expect(record.measures.first { $0.kind == .robustAccuracy }?.value == 0)
    #expect(record.measures.first { $0.kind == .medianDistance }?.value == nil)
  }

  /// Broken findings with their attacks and clean samples.
  private func broken(
    _ record: AuditRecord
  ) throws -> [(AttackFinding, AttackDescription, PredictionFinding)] {
    let found = try record.findings.filter { $0.outcome == .broken }.map { finding in
      (
        finding, try #require(record.attacks.first { $0.id == finding.attack }),
        try #require(record.predictions.first { $0.sample == finding.sample })
      )
    }
    #expect(found.count > 5)
    return found
  }

  private func expectAnswer(
    _ audit: SmallAudit, _ values: [Double], shape: Shape, _ finding: AttackFinding,
    _ clean: PredictionFinding
  ) throws {
    let raw = Tensor(values.map { Float($0) }, shape: [1] + shape)
    let answer = try audit.classifier.predictions(audit.classifier.input.encoded(raw))
    #expect(answer.doubles == [Double(finding.predicted)] && finding.predicted != clean.label)
  }
}
