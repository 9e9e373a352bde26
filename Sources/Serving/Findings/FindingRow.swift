import Audits
import Tensors

/// A finding beside the attack that made it and the prediction that it attacked.
struct FindingRow: Sendable {
  let prediction: PredictionFinding
  let attack: AttackDescription
  let finding: AttackFinding

  /// The distance of a verified break; nil: nothing was broken.
  var distance: Double? { finding.outcome == .broken ? finding.distance : nil }

  /// All findings of a record, in its order; one whose sample or attack is missing is left out, as a
  /// run that is being written may have it.
  static func all(_ record: AuditRecord) -> [FindingRow] {
    let predictions = Dictionary(
      record.predictions.map { ($0.sample, $0) }, uniquingKeysWith: { first, _ in first })
    let attacks = Dictionary(
      record.attacks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return record.findings.compactMap { finding in
      guard let prediction = predictions[finding.sample], let attack = attacks[finding.attack]
      else { return nil }
      return FindingRow(prediction: prediction, attack: attack, finding: finding)
    }
  }
}
