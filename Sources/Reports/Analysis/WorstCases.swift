import Audits
import Tensors

/// The correctly classified samples that the smallest verified changes broke.
struct WorstCases: Sendable {
  /// One sample and the closest perturbation that broke it.
  struct Case: Sendable {
    var prediction: PredictionFinding
    var finding: AttackFinding
    var perturbed: Tensor
  }

  let cases: [Case]

  /// The closest breaks under one norm, by distance, then by sample.
  init(_ record: AuditRecord, norm: Norm, limit: Int) {
    let attacks = Set(record.attacks.filter { $0.norm == norm }.map(\.id))
    var closest: [Int: AttackFinding] = [:]
    for finding in record.findings
    where finding.outcome == .broken && finding.perturbed != nil && attacks.contains(finding.attack)
    {
      let best = closest[finding.sample]?.distance ?? .infinity
      if finding.distance < best { closest[finding.sample] = finding }
    }
    cases = Array(
      record.predictions.filter(\.isCorrect).compactMap { prediction -> Case? in
        guard let finding = closest[prediction.sample], let perturbed = finding.perturbed,
          perturbed.shape == prediction.input.shape
        else { return nil }
        return Case(prediction: prediction, finding: finding, perturbed: perturbed)
      }
      .sorted {
        ($0.finding.distance, $0.prediction.sample) < ($1.finding.distance, $1.prediction.sample)
      }
      .prefix(limit))
  }
}
