import Attacks
import Explanations
import Ledger
import Models
import Execution
import Programs
import Tensors
import Testing

@testable import Audits

/// Audits of models that have no gradient, or one that only seems to be one.
@Suite("Audits without gradients")
struct QueryAuditTests {
  private static let reason = "tree ensembles: TreeEnsembleClassifier"

  @Test("an ensemble of stumps is audited with what needs no gradient, from attacks to gates")
  func stumps() throws {
    let audit = try audit(Self.stumps())
    let record = try audit.run()
    #expect(record.attacks.map(\.id) == ["noise/linf", "square/linf", "noise/l1", "square/l1"])
    #expect(record.attacks.allSatisfy { !$0.isWhiteBox && $0.backwardPasses == 0 })
    #expect(record.findings.contains { $0.outcome == .broken })
    #expect(record.findings.contains { $0.outcome == .survived })
    #expect(Set(record.explanations.map(\.method)) == ["occlusion"])
    #expect(record.explanations.allSatisfy { $0.quality.map(\.name) == ["deletion", "insertion"] })
    #expect(record.explanations.contains { $0.attributions.floats.contains { $0 != 0 } })
    #expect(record.gates.map(\.verdict) == [.passed, .failed])
    #expect(record.model.gradient == .none(reason: Self.reason))
    let warning = try #require(record.warnings.first)
    #expect(record.warnings.count == 1 && warning.name == "no-gradient" && !warning.isVeto)
    #expect(
      warning.raised
        == "the model has no gradient (tree ensembles: TreeEnsembleClassifier): the attacks fgsm and "
        + "pgd and the explanations saliency and integrated-gradients were not run")
  }

  @Test("occlusion of a stump is the jump at its threshold")
  func oracle() throws {
    let audit = try audit(Self.stumps())
    let record = try audit.run()
    for finding in record.explanations {
      let prediction = try #require(
        record.predictions.first { $0.sample == finding.sample })
      let input = prediction.input.floats
      let sign: Float = finding.target == 1 ? 1 : -1
      for feature in 0..<4 {
        // Logits are ± the score, so that the target's logit falls by the change of the score.
        let expected = sign * (Self.score(input) - Self.score(input, without: feature))
        #expect(abs(finding.attributions.floats[feature] - expected) < 1e-5)
      }
    }
  }

  @Test("threads, repetitions and stores do not change the record")
  func repetition() throws {
    var audit = try audit(Self.stumps())
    let first = try audit.run()
    audit.plan.threads = 2
    #expect(try audit.run() == first)
    #expect(try audit.run(in: Ledger()) == first)
  }

  @Test("a plan of which nothing is left is refused in one sentence")
  func nothingLeft() throws {
    var audit = try audit(Self.stumps())
    audit.plan.attacks.removeAll(where: \.isControl)
    audit.plan.explanations.removeLast()
    #expect(
      throws: AuditError.needsGradient(
        suite: "small", reason: Self.reason,
        alternatives: AttackRegistry.namesWithoutGradient
          + AttributionRegistry.namesWithoutGradient)
    ) { try audit.run() }
    #expect(
      "\(AuditError.needsGradient(suite: "s", reason: "trees", alternatives: ["a", "b"]))"
        == "everything in the suite 's' needs a gradient, and the model has none (trees); add some "
        + "of a, b")
  }

  @Test("a differentiable model seen from outside is audited in the same way")
  func seenFromOutside() throws {
    let model = try AuditModels.credit().model
    let record = try audit(QueryClassifier(model, on: ReferenceBackend(), microBatch: 4)).run()
    #expect(record.attacks.allSatisfy { !$0.isWhiteBox })
    #expect(record.warnings.first?.raised.contains("(it was made to be queried only)") == true)
  }

  @Test("a straight-through gradient is followed, and named")
  func straightThrough() throws {
    var model = try AuditModels.credit().model
    model.gradient = .straightThrough(operators: ["QuantizeLinear", "QLinearMatMul"])
    model.notes = ["The output ends in Softmax; the logits before it are audited."]
    let record = try audit(model.classifier(on: ReferenceBackend(), microBatch: 4)).run()
    #expect(record.attacks.contains { $0.isWhiteBox })
    #expect(record.model.notes == model.notes)
    let warning = try #require(record.warnings.first { $0.name == "straight-through-gradient" })
    #expect(
      warning.raised
        == "the gradient is a straight-through estimate: QuantizeLinear and QLinearMatMul count as "
        + "the identity when it is taken")
    #expect(!warning.isVeto)
  }

  // MARK: The ensemble

  private static let features: [Int64] = [0, 1, 2, 3, 0, 2]
  private static let thresholds: [Float] = [0.5, 0.3, 0.6, 0.8, 0.2, 0.4]
  private static let above: [Float] = [1, -0.7, 0.6, 0.3, 0.2, -0.5]
  private static let below: [Float] = [-1, 0.4, -0.5, -0.1, -0.6, 0.3]

  /// The score in plain words, a removed feature being 0.
  private static func score(_ input: [Float], without removed: Int? = nil) -> Float {
    features.indices.reduce(0) { sum, stump in
      let feature = Int(features[stump])
      let value = feature == removed ? 0 : input[feature]
      return sum + (value > thresholds[stump] ? above[stump] : below[stump])
    }
  }

  /// Six stumps over four numbers: a comparison and a selection each, summed to ± one score.
  private static func stumps() throws -> any ModelClassifier {
    let ports = ["above", "below", "thresholds"].map {
      Program.Port(name: $0, type: ValueType(.float32, [6]))
    }
    let port = Program.Port(name: "x", type: ValueType(.float32, [Shape.batch, 4]))
    let program = try Program.trace([port] + ports) { values in
      let columns = values[0].gather(values[0].builder.constant(Tensor(features)), axis: 1)
      let isAbove = values[3].broadcast(to: columns.shape).compare(.less, columns)
      let votes = isAbove.select(values[1], values[2]).sum(over: [1], keepingDimensions: true)
      return [("logits", Value.concatenated([-votes, votes], axis: 1))]
    }
    let model = Model(
      name: "stumps", program: program,
      parameters: [
        "above": Tensor(above), "below": Tensor(below), "thresholds": Tensor(thresholds),
      ],
      input: .table((0..<4).map { Feature(name: "x\($0)", range: ValueRange(0...1)) }),
      classNames: ["no", "yes"], gradient: .none(reason: reason))
    return try model.classifier(on: ReferenceBackend(), microBatch: 4)
  }

  private func audit(_ classifier: any ModelClassifier) throws -> SmallAudit {
    SmallAudit(
      classifier, try AuditModels.subject(for: classifier, count: 20),
      AuditPlan(
        suiteName: "small", suiteText: "name: small",
        threats: [
          .init(norm: .linf, epsilons: [0.02, 0.2], scale: .range),
          .init(norm: .l1, epsilons: [0.1], scale: .range),
        ], attacks: try SmallAudit.attacks(),
        gates: [
          Gate(kind: .cleanAccuracy, threshold: 0.5, isAtLeast: true),
          Gate(kind: .robustAccuracy, norm: .linf, epsilon: 0.2, threshold: 0.99, isAtLeast: true),
        ],
        explanations: try ["saliency", "integrated-gradients", "occlusion"].map {
          try AttributionRegistry.method(named: $0)
        }, explainedSamples: 5, probedSamples: 6))
  }
}
