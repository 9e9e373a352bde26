import Audits
import Checks
import Models
import Tensors

/// Records of two versions of a model, made to order.
struct VersionRecord {
  var name = "candidate"
  var count = 200
  /// The samples that are classified wrongly.
  var wrong: Set<Int> = []
  /// Per sample the smallest radius at which an attack broke it.
  var broken: [Int: Double] = [:]
  /// The samples that the budget did not reach.
  var open: Set<Int> = []
  var warnings: [SoundnessWarning] = []
  var attributions: [Int: [Float]] = [:]

  static let radii = [0.1, 0.2]

  var record: AuditRecord {
    var record = AuditRecord(
      run: RunDescription(
        id: name, title: name, started: "2026-01-01T00:00:00Z", command: "", seed: 0,
        suiteName: "small", suiteText: "", environment: [], isComplete: true),
      model: ModelDescription(
        name: name, sha256: name, programText: "", parameterCount: 1, classNames: ["no", "yes"],
        input: InputSpecification(layout: .array, shape: [2]), trainingRecord: ""),
      data: DataDescription(
        name: "numbers", sha256: [], selection: "all", sampleCount: count, classCounts: []))
    record.attacks = [
      AttackDescription(
        id: "pgd/linf", method: "pgd", norm: .linf, epsilons: Self.radii, scale: "input units",
        goal: "untargeted", parameters: [], isWhiteBox: true, isControl: false)
    ]
    record.predictions = (0..<count).map { sample in
      PredictionFinding(
        sample: sample, name: "row \(sample)", label: 0, predicted: wrong.contains(sample) ? 1 : 0,
        probabilities: wrong.contains(sample) ? [0.25, 0.75] : [0.75, 0.25],
        input: Tensor([Float(sample), 0]),
        groups: [NamedValue("side", sample.isMultiple(of: 2) ? "even" : "odd")])
    }
    record.findings = (0..<count).filter { !wrong.contains($0) }.flatMap(findings)
    record.explanations = attributions.sorted { $0.key < $1.key }.map { sample, values in
      ExplanationFinding(
        sample: sample, method: "saliency", parameters: [], target: 0, baseline: nil,
        attributions: Tensor(values), completenessError: nil, outputDifference: nil, steps: nil,
        isConverged: true)
    }
    record.warnings = warnings
    return record
  }

  private func findings(_ sample: Int) -> [AttackFinding] {
    guard !open.contains(sample) else { return [] }
    let fatal = broken[sample]
    return Self.radii.filter { radius in fatal.map { radius <= $0 } ?? true }.map { radius in
      let isBroken = radius == fatal
      return AttackFinding(
        sample: sample, attack: "pgd/linf", epsilon: radius,
        outcome: isBroken ? .broken : .survived, distance: radius, predicted: isBroken ? 1 : 0,
        probabilities: [0.5, 0.5],
        perturbed: isBroken ? Tensor([Float(sample), Float(radius)]) : nil)
    }
  }

  /// The verdicts on a candidate, and the baseline as it is.
  func judged(against baseline: VersionRecord, _ gates: String) throws -> CheckRecord {
    let configuration = try CheckConfiguration(
      yaml: "{model: m, data: d, gates: [\(gates)]}", file: "assay.yaml")
    var old = baseline
    old.name = "baseline"
    return CheckJudge(
      Baseline(record: old.record, bank: AdversarialBank(old.record)), configuration
    ).record(record)
  }
}
