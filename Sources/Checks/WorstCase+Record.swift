import Audits
import Tensors

extension WorstCase {
  /// The nearest breaks of samples that the baseline withstood at that radius, nearest first in
  /// shares of the largest radius of their norm.
  static func all(_ baseline: AuditRecord, _ candidate: AuditRecord, limit: Int) -> [WorstCase] {
    let before = Robustness(baseline)
    let earlier = Dictionary(
      baseline.predictions.map { ($0.sample, $0) }, uniquingKeysWith: { first, _ in first })
    let attacks = Dictionary(
      candidate.attacks.filter { !$0.isProbe }.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    let predictions = Dictionary(
      candidate.predictions.map { ($0.sample, $0) }, uniquingKeysWith: { first, _ in first })
    let new = candidate.findings.compactMap { finding -> (share: Double, worst: WorstCase)? in
      guard finding.outcome == .broken, let perturbed = finding.perturbed,
        let attack = attacks[finding.attack], let largest = attack.epsilons.last, largest > 0,
        let prediction = predictions[finding.sample], let old = earlier[finding.sample],
        before.epsilons(attack.norm).contains(finding.epsilon),
        before.isRobust(old, attack.norm, within: finding.epsilon)
      else { return nil }
      return (
        finding.distance / largest,
        WorstCase(
          sample: finding.sample, name: prediction.name, label: prediction.label,
          attack: finding.attack, norm: attack.norm, epsilon: finding.epsilon,
          distance: finding.distance, predicted: finding.predicted,
          confidence: Double(finding.probabilities.max() ?? 0), clean: prediction.input,
          perturbed: perturbed)
      )
    }
    var seen: Set<Int> = []
    return new.sorted {
      ($0.share, $0.worst.sample, $0.worst.attack) < ($1.share, $1.worst.sample, $1.worst.attack)
    }.map(\.worst).filter { seen.insert($0.sample).inserted }.prefix(limit).map { $0 }
  }
}
