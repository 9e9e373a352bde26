import Audits
import Models
import Tensors

/// A small run with one of everything.
enum SampleRun {
  static let id = "abc123def456"

  static let run = RunDescription(
    id: id, title: "A run", started: "2026-01-01T00:00:00Z", command: "assay audit", seed: .max,
    suiteName: "quick", suiteText: "name: quick", environment: [NamedValue("system", "Linux")])

  static let model = ModelDescription(
    name: "model", sha256: "00ff", programText: "program()", parameterCount: 3,
    classNames: ["no", "yes"],
    input: InputSpecification(layout: .array, shape: [3], range: ValueRange(0...1)),
    trainingRecord: "", gradient: .straightThrough(operators: ["QuantizeLinear"]),
    notes: ["The output ends in Softmax; the logits before it are audited."])

  static let data = DataDescription(
    name: "data", sha256: [NamedValue("data.csv", "aa")], selection: "all", sampleCount: 2,
    classCounts: [1, 1],
    features: [FeatureSummary(name: "age", minimum: 18, mean: 40, maximum: 99)],
    notes: ["2 rows dropped"])

  static let attack = AttackDescription(
    id: "pgd/linf", method: "pgd", norm: .linf, epsilons: [0.1, 0.3], scale: "input units",
    goal: "untargeted", parameters: [NamedValue("steps", "40")], isWhiteBox: true,
    isControl: false, samplesAttacked: 2, forwardPasses: 80, backwardPasses: 80)

  static let predictions = [4, 2].map { sample in
    PredictionFinding(
      sample: sample, name: "row \(sample)", label: 1, predicted: 1,
      probabilities: [0.25, 0.75], input: Tensor([0.5, Float(sample), 1]),
      groups: [NamedValue("sex", "female")])
  }

  static let findings = [
    AttackFinding(
      sample: 2, attack: "pgd/linf", epsilon: 0.1, outcome: .broken, distance: 0.08,
      predicted: 0, probabilities: [0.6, 0.4],
      perturbed: Tensor([0.25, -1, Float.infinity]), flags: ["still rising"],
      passes: PassCount(forward: 41, backward: 40)),
    AttackFinding(
      sample: 4, attack: "pgd/linf", epsilon: 0.1, outcome: .survived, distance: 0.1,
      predicted: 1, probabilities: [0.4, 0.6]),
    AttackFinding(
      sample: 4, attack: "pgd/linf", epsilon: 0.3, outcome: .rejected, distance: 0.4,
      predicted: 0, probabilities: [0.9, 0.1], rejection: "outside the ball"),
  ]

  static let explanation = ExplanationFinding(
    sample: 2, method: "saliency", parameters: [], target: 1, baseline: nil,
    attributions: Tensor([1, 2, 3] as [Float]), completenessError: nil, outputDifference: nil,
    steps: nil, isConverged: true,
    quality: [
      QualityMeasure(
        name: "deletion", value: 0.2, random: 0.5, randomizedModel: 0.45, fractions: [0, 1],
        curve: [0.9, 0.1], randomCurve: [0.9, 0.1], randomizedModelCurve: [0.9, 0.1])
    ], rankCorrelationUnderAttack: 0.5)

  static let measure = Measure(
    kind: .robustAccuracy, norm: .linf, epsilon: 0.1, value: 0.5, lower: 0.01, upper: 0.99,
    intervalMethod: "Clopper–Pearson", count: 2)

  static let warning = SoundnessWarning(
    name: "zero-gradient", raised: "1 of 2", explanation: "flat", suggestion: "look",
    samples: [2], isVeto: true)

  static let gate = GateResult(
    requirement: "clean accuracy is at least 90 %", verdict: .passed, value: 1, lower: 0.9,
    upper: 1, threshold: 0.9, isAtLeast: true, reason: "because")

  static func fill(_ store: any AuditStore) throws {
    _ = try store.begin(run, model: model, data: data)
    try store.append(predictions, to: id)
    try store.store(attack, in: id)
    try store.append(findings, to: id)
    try store.append([explanation], to: id)
    try store.store(
      Artefact(name: "report.html", mediaType: "text/html", sha256: "11"), in: id)
    try store.finish(id, measures: [measure], warnings: [warning], gates: [gate])
  }
}

extension AuditRecord {
  /// The record without what stores note by themselves, and when.
  var withoutEvents: AuditRecord {
    var record = self
    record.events = []
    return record
  }
}
