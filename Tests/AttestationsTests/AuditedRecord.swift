import Audits
import Statistics
import Tensors

/// A small complete audit, written down by hand: three numbers in, three classes out.
enum AuditedRecord {
  static let suite = """
    name: small
    threats:
      - norm: linf
        epsilon: [0.1, 0.3]
      - norm: l2
        epsilon: [0.5]
    attacks: [fgsm]
    gates:
      - clean-accuracy: { at-least: 0.5 }
      - robust-accuracy: { norm: linf, epsilon: 0.3, at-least: 0.6 }
    """

  static let record: AuditRecord = {
    var record = AuditRecord(
      run: RunDescription(
        id: "abc123def456", title: "A run", started: "2026-01-01T00:00:00Z",
        command: "assay audit m --data d", seed: 7, suiteName: "small", suiteText: suite,
        environment: [NamedValue("system", "Linux"), NamedValue("program SHA-256", "0b")],
        isComplete: true),
      model: ModelDescription(
        name: "model", sha256: "0a", programText: "program()", parameterCount: 3,
        classNames: ["a", "b", "c"],
        input: InputSpecification(layout: .array, shape: [3], range: ValueRange(0...1)),
        trainingRecord: ""),
      data: DataDescription(
        name: "data", sha256: [NamedValue("d.csv", "0c"), NamedValue("e.csv", "0d")],
        selection: "all", sampleCount: 4, classCounts: [2, 1, 1]))
    record.predictions = [
      prediction(0, label: 0, [0.7, 0.2, 0.1]), prediction(1, label: 0, [0.6, 0.3, 0.1]),
      prediction(2, label: 1, [0.1, 0.8, 0.1]), prediction(3, label: 2, [0.5, 0.3, 0.2]),
    ]
    record.findings = [
      finding(0, 0.1, .survived), finding(1, 0.1, .broken, by: [0.0625, 0, -0.03125]),
      finding(2, 0.1, .survived), finding(0, 0.3, .broken, by: [0.25, 0.125, 0]),
      finding(2, 0.3, .rejected),
      finding(0, 0.5, .broken, "fgsm/l2", by: [0.25, 0, 0.25]),
      finding(1, 0.5, .survived, "fgsm/l2"),
      finding(2, 0.5, .survived, "fgsm/l2"),
    ]
    record.attacks = [
      attack("fgsm/linf", .linf, [0.1, 0.3]), attack("fgsm/l2", .l2, [0.5]),
    ].map { attack in attack.counted(record.findings.filter { $0.attack == attack.id }) }
    record.statements = [HumanStatement(subject: .misuse, question: "q", text: "None.")]
    record.judge()
    return record
  }()

  private static func prediction(
    _ sample: Int, label: Int, _ probabilities: [Float]
  ) -> PredictionFinding {
    PredictionFinding(
      sample: sample, name: "row \(sample)", label: label,
      predicted: probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0,
      probabilities: probabilities, input: input(sample),
      groups: [NamedValue("sex", sample < 2 ? "female" : "male")])
  }

  private static func input(_ sample: Int) -> Tensor {
    Tensor([0.5, 0.25, Float(sample) / 8] as [Float])
  }

  private static func finding(
    _ sample: Int, _ epsilon: Double, _ outcome: AttackFinding.Outcome,
    _ attack: String = "fgsm/linf", by change: [Float] = [0, 0, 0]
  ) -> AttackFinding {
    let squares = change.reduce(0) { $0 + Double($1 * $1) }
    let distance =
      attack == "fgsm/l2" ? squares.squareRoot() : Double(change.map(abs).max() ?? 0)
    let point = zip(input(sample).floats, change).map { $0 + $1 }
    return AttackFinding(
      sample: sample, attack: attack, epsilon: epsilon, outcome: outcome, distance: distance,
      predicted: outcome == .broken ? 2 : sample == 2 ? 1 : 0,
      probabilities: outcome == .broken ? [0.2, 0.3, 0.5] : sample == 2 ? [0, 1, 0] : [1, 0, 0],
      perturbed: outcome == .broken ? Tensor(point) : nil,
      rejection: outcome == .rejected ? "outside" : nil)
  }

  private static func attack(_ id: String, _ norm: Norm, _ epsilons: [Double]) -> AttackDescription
  {
    AttackDescription(
      id: id, method: "fgsm", norm: norm, epsilons: epsilons, scale: "input units",
      goal: "untargeted", parameters: [], isWhiteBox: true, isControl: false)
  }
}

extension AuditRecord {
  /// Computes measures and verdicts as an audit does.
  mutating func judge() {
    measures = MeasureCalculator(self, bootstrap: Bootstrap(seed: run.seed)).measures()
    gates = [
      Gate(kind: .cleanAccuracy, threshold: 0.5, isAtLeast: true),
      Gate(kind: .robustAccuracy, norm: .linf, epsilon: 0.3, threshold: 0.6, isAtLeast: true),
    ].map { $0.judge(measures, warnings: warnings) }
  }
}
