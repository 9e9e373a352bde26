import AttackSuites
import Attacks
import Audits
import ConfigurationFiles
import Explanations
import Models
import NativeBackend
import Tensors
import Testing

@Suite("Plans of suites")
struct SuitePlanTests {
  @Test("every built-in suite becomes a plan that asks for what the suite states")
  func builtIn() throws {
    for name in BuiltInSuites.names {
      let suite = try BuiltInSuites.suite(name)
      let image = InputSpecification.image([1, 8, 8])
      let plan = try AuditPlan(suite, for: image, classNames: [], threads: 2, batchLimit: 9)
      #expect(plan.suiteName == name && plan.suiteText == suite.text)
      #expect(plan.threats.map(\.norm) == suite.threats.map(\.norm))
      #expect(plan.attacks.count == suite.attacks.count + suite.controls.count)
      #expect(plan.attacks.map(\.isControl) == plan.attacks.map(\.isControl).sorted { !$0 && $1 })
      #expect(plan.gates.count == suite.gates.count)
      #expect(plan.explanations.count == suite.explanations.count)
      #expect(plan.threads == 2 && plan.batchLimit == 9)
    }
  }

  @Test("a suite's audit of a table ends with a verdict on each of its gates")
  func run() throws {
    let suite = try Attacks.Suite(yaml: Self.yaml, file: "suite.yaml")
    let classifier = try AuditModels.credit()
    let plan = try AuditPlan(
      suite, for: classifier.input, classNames: classifier.classNames,
      hasTrainingSamples: true)
    let subject = try AuditModels.subject(for: classifier, count: 12)
    let record = try SmallAudit(classifier, subject, plan).run()
    #expect(
      record.gates.map(\.requirement) == [
        "clean accuracy is at least 50 %", "robust accuracy at L2 0.2 is at least 1 %",
        "accuracy gap between groups (sex) is at most 90 %",
      ])
    #expect(!record.gates.map(\.verdict).contains(.notMeasured))
    #expect(
      record.attacks.map(\.id) == ["fgsm/l2", "noise/l2", "probe/pgd/linf", "probe/noise/l2"])
    #expect(record.attacks.first?.scale == "stated per feature")
    // The scale names neither age nor children, so that no attack of the suite may change them.
    let clean = Dictionary(
      uniqueKeysWithValues: record.predictions.map { ($0.sample, $0.input.doubles) })
    for finding in record.findings where !finding.attack.hasPrefix("probe/") {
      guard let after = finding.perturbed?.doubles, let before = clean[finding.sample] else {
        continue
      }
      #expect([0, 4].allSatisfy { after[$0] == before[$0] })
    }
  }

  @Test(
    "gates on decisions are judged by the rates of groups, those of a class by its samples alone")
  func decisionGates() throws {
    let yaml = Self.yaml.replacing(
      "gates:",
      with: """
        decisions: {favourable: '1', counterfactuals: 0}
        corruptions: none
        permutation-repeats: 0
        effect-features: 0
        gates:
          - selection-ratio: {group: sex, at-least: 0.8}
          - equalised-odds: {group: sex, at-most: 0.1}
          - clean-accuracy: {class: '0', at-least: 0.9}
        """
    ).replacing("controls: [noise]\n", with: "")
    let suite = try Attacks.Suite(yaml: yaml, file: "suite.yaml")
    let classifier = try AuditModels.credit(on: NativeBackend())
    let plan = try AuditPlan(
      suite, for: classifier.input, classNames: classifier.classNames, hasTrainingSamples: true)
    let subject = try AuditModels.subject(for: classifier, count: 1_200)
    let record = try SmallAudit(classifier, subject, plan).run()
    #expect(
      record.gates.prefix(3).map(\.requirement) == [
        "ratio of selection rates between groups (sex) is at least 0.8",
        "equalised odds difference between groups (sex) is at most 10 %",
        "clean accuracy (class 0) is at least 90 %",
      ])
    /// The share of a group that is accepted, of all or of those for whom something holds.
    func rate(_ sex: String, _ holds: (PredictionFinding) -> Bool = { _ in true }) -> Double {
      let members = record.predictions.filter { $0.groups[0].value == sex && holds($0) }
      return Double(members.count { $0.probabilities[1] >= 0.5 }) / Double(members.count)
    }
    let rates = [rate("female"), rate("male")].sorted()
    let values = record.gates.map(\.value)
    #expect(abs((values[0] ?? .nan) - rates[0] / rates[1]) < 1e-12)
    let positives = abs(rate("female") { $0.label == 1 } - rate("male") { $0.label == 1 })
    let negatives = abs(rate("female") { $0.label != 1 } - rate("male") { $0.label != 1 })
    #expect(abs((values[1] ?? .nan) - max(positives, negatives)) < 1e-12)
    let zeros = record.predictions.filter { $0.label == 0 }
    #expect(values[2] == Double(zeros.count { $0.predicted == 0 }) / Double(zeros.count))
  }

  @Test("a gate on a class that the model does not know is named with its place")
  func unknownClass() throws {
    let suite = try Attacks.Suite(
      yaml: Self.yaml + "  - clean-accuracy: {class: good, at-least: 0.9}\n", file: "suite.yaml")
    let error = #expect(throws: ConfigurationError.self) {
      try AuditPlan(
        suite, for: .table([Feature(name: "amount"), Feature(name: "savings")]),
        classNames: ["yes", "no"])
    }
    #expect(
      error.map { "\($0)" }
        == "suite.yaml:14:5: the model has no class 'good'; it knows yes, no")
  }

  @Test("methods of explanation that a suite leaves open suit the input")
  func defaults() throws {
    let suite = try Attacks.Suite(yaml: Self.yaml, file: "suite.yaml")
    func methods(_ input: InputSpecification, hasTrainingSamples: Bool) throws -> [String] {
      var suite = suite
      suite.threats = []
      suite.gates = []
      return try AuditPlan(
        suite, for: input, classNames: [], hasTrainingSamples: hasTrainingSamples
      )
      .explanations.map { "\(type(of: $0).name) \($0.baselineName ?? "-")" }
    }
    let table = InputSpecification.table([Feature(name: "amount")])
    #expect(
      try methods(.image([1, 4, 4]), hasTrainingSamples: true) == [
        "saliency -", "integrated-gradients zero", "smoothgrad -", "occlusion zero",
      ])
    #expect(
      try methods(table, hasTrainingSamples: true) == [
        "integrated-gradients mean", "input-x-gradient -", "occlusion mean",
      ])
    #expect(
      try methods(table, hasTrainingSamples: false) == [
        "integrated-gradients zero", "input-x-gradient -", "occlusion zero",
      ])
  }

  @Test("what a suite states about explanations is kept, and what does not exist is refused")
  func stated() throws {
    let table = InputSpecification.table([
      Feature(name: "age"), Feature(name: "amount"), Feature(name: "savings"),
    ])
    let yaml = Self.yaml + "explanations:\n  - integrated-gradients: {baseline: minimum}\n"
    let plan = try AuditPlan(
      Attacks.Suite(yaml: yaml, file: "suite.yaml"), for: table, classNames: [],
      hasTrainingSamples: true)
    #expect(plan.explanations.map(\.baselineName) == ["minimum"])
    let wrong = try Attacks.Suite(
      yaml: Self.yaml + "explanations: [salience]\n", file: "suite.yaml")
    do {
      _ = try AuditPlan(wrong, for: table, classNames: [])
      Issue.record("expected an error")
    } catch {
      #expect("\(error)".hasPrefix("suite.yaml:"))
      #expect("\(error)".hasSuffix("did you mean 'saliency'?"))
    }
    #expect(throws: AttackError.self) {
      _ = try AuditPlan(
        Attacks.Suite(yaml: Self.yaml, file: "suite.yaml"), for: .image([1, 4, 4]), classNames: [])
    }
  }

  private static let yaml = """
    name: own
    threats:
      - norm: l2
        epsilon: [0.05, 0.2]
        scale: {amount: 10, savings: 5}
    attacks: [fgsm]
    controls: [noise]
    explained-samples: 3
    probed-samples: 4
    gates:
      - clean-accuracy: {at-least: 0.5}
      - robust-accuracy: {norm: l2, epsilon: 0.2, at-least: 0.01}
      - group-gap: {group: sex, at-most: 0.9}

    """
}
