import Audits
import Models
import Reports
import Tensors

/// Findings as comma-separated values: the numbers in full, for other programs.
struct FindingsFile: Sendable {
  private static let columns = [
    "sample", "name", "true_class", "predicted_class", "attack", "norm", "epsilon", "outcome",
    "class_under_attack", "distance", "flags", "rejection", "forward_passes", "backward_passes",
    "groups",
  ]

  /// The file in UTF-8.
  let bytes: [UInt8]

  init(_ rows: [FindingRow], _ record: AuditRecord) {
    let lines = [CSVRow(Self.columns)] + rows.map { CSVRow(Self.cells($0, record)) }
    bytes = Array(lines.map(\.text).joined().utf8)
  }

  private static func cells(_ row: FindingRow, _ record: AuditRecord) -> [String] {
    let (prediction, finding) = (row.prediction, row.finding)
    return [
      String(prediction.sample), prediction.name, record.className(prediction.label),
      record.className(prediction.predicted), row.attack.id, row.attack.norm.rawValue,
      String(finding.epsilon), finding.outcome.rawValue, record.className(finding.predicted),
      row.distance.map { String($0) } ?? "", finding.flags.joined(separator: "; "),
      finding.rejection ?? "", String(finding.passes.forward), String(finding.passes.backward),
      prediction.groups.map(\.words).joined(separator: "; "),
    ]
  }
}
