import Audits
import Foundation
import Ledger
import Models
import Tensors

/// Small records of audits that never ran, and ledgers that hold them.
enum ServedRecords {
  /// 60 pictures of two classes, of which every third is broken and the first ten are explained.
  static let pictures = make(
    id: "aaaa00000001", started: "2026-03-01T08:00:00Z", layout: .image, count: 60)
  /// The same samples under a later version of the model.
  static let laterPictures = make(
    id: "aaaa00000002", started: "2026-03-02T08:00:00Z", layout: .image, count: 60)
  /// 12 rows with groups.
  static let rows = make(
    id: "bbbb00000001", started: "2026-03-03T08:00:00Z", layout: .table, count: 12)

  static let all = [pictures, laterPictures, rows]

  /// A ledger in memory with the records.
  static func ledger(_ records: [AuditRecord] = all) throws -> Ledger {
    let ledger = try Ledger()
    for record in records { try store(record, in: ledger) }
    return ledger
  }

  static func store(_ record: AuditRecord, in ledger: Ledger) throws {
    let id = record.run.id
    var run = record.run
    run.isComplete = false
    _ = try ledger.begin(run, model: record.model, data: record.data)
    for attack in record.attacks { try ledger.store(attack, in: id) }
    try ledger.append(record.predictions, to: id)
    try ledger.append(record.findings, to: id)
    try ledger.append(record.explanations, to: id)
    guard record.run.isComplete else { return }
    try ledger.finish(
      id, measures: record.measures, warnings: record.warnings, gates: record.gates)
  }

  private static func make(
    id: String, started: String, layout: InputSpecification.Layout, count: Int
  ) -> AuditRecord {
    let input: InputSpecification =
      layout == .image
      ? .image([1, 8, 8])
      : .table([
        Feature(name: "income", unit: "EUR", range: ValueRange(0...1)),
        Feature(name: "age", range: ValueRange(0...1)),
      ])
    var record = AuditRecord(
      run: RunDescription(
        id: id, title: "Trial of \(layout.rawValue)s", started: started,
        command: "assay audit model.safetensors", seed: 7, suiteName: "standard",
        suiteText: "name: standard\n", environment: [NamedValue("assay", "0.1.0")],
        isComplete: true),
      model: ModelDescription(
        name: "model-\(layout.rawValue)",
        sha256: String(repeating: id.last ?? "0", count: 60) + id.prefix(4),
        programText: "input x\n", parameterCount: 9, classNames: ["good", "bad"], input: input,
        trainingRecord: ""),
      data: DataDescription(
        name: "\(layout.rawValue) data", sha256: [], selection: "all", sampleCount: count,
        classCounts: [count / 2, count / 2]))
    record.attacks = [attack("pgd/linf", .linf), attack("pgd/l2", .l2)]
    for sample in 0..<count { add(sample, layout, to: &record) }
    record.gates = [
      GateResult(
        requirement: "clean accuracy is at least 90 %", verdict: .passed, value: 0.95,
        lower: 0.92, upper: 0.99, threshold: 0.9, isAtLeast: true,
        reason: "The whole interval lies above the threshold.")
    ]
    return record
  }

  private static func attack(_ id: String, _ norm: Norm) -> AttackDescription {
    AttackDescription(
      id: id, method: "pgd", norm: norm, epsilons: [0.1, 0.2], scale: "input units",
      goal: "untargeted", parameters: [], isWhiteBox: true, isControl: false)
  }

  private static func add(
    _ sample: Int, _ layout: InputSpecification.Layout, to record: inout AuditRecord
  ) {
    let size = layout == .image ? 64 : 2
    let shape: Shape = layout == .image ? [1, 8, 8] : [2]
    let values = (0..<size).map { Float(($0 * 7 + sample * 3) % 11) / 11 }
    let label = sample % 2
    let isWrong = sample % 10 == 9
    record.predictions.append(
      PredictionFinding(
        sample: sample, name: "row \(100 + sample)", label: label,
        predicted: isWrong ? 1 - label : label,
        probabilities: label == 0 ? [0.75, 0.25] : [0.25, 0.75],
        input: Tensor(values, shape: shape),
        groups: layout == .table
          ? [NamedValue("age group", sample % 3 == 0 ? "under 25" : "25 and over")] : []))
    guard !isWrong else { return }
    for attack in record.attacks {
      let isBroken = sample % 3 == 0 && attack.norm == .linf
      record.findings.append(
        AttackFinding(
          sample: sample, attack: attack.id, epsilon: 0.1, outcome: isBroken ? .broken : .survived,
          distance: isBroken ? 0.1 - Double(sample) / 1_000 : 0,
          predicted: isBroken ? 1 - label : label, probabilities: [0.5, 0.5],
          perturbed: isBroken ? Tensor(values.map { $0 * 0.9 + 0.05 }, shape: shape) : nil))
    }
    guard sample < 10 else { return }
    record.explanations.append(
      ExplanationFinding(
        sample: sample, method: "saliency", parameters: [], target: label, baseline: nil,
        attributions: Tensor(values.map { $0 - 0.4 }, shape: shape), completenessError: nil,
        outputDifference: nil, steps: nil, isConverged: true, rankCorrelationUnderAttack: 0.5))
  }
}
