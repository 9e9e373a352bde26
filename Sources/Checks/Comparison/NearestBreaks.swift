package import Audits
package import Tensors

/// The nearest verified perturbation of each sample under one norm, within a limit.
///
/// Attacks whose ε is no claim do not take part. Of equally near ones the earlier attack of the plan
/// counts.
package struct NearestBreaks {
  private var nearest: [Int: AttackFinding] = [:]

  package init(_ record: AuditRecord, _ norm: Norm, within limit: Double) {
    let ranks = Dictionary(
      record.attacks.enumerated().filter { !$0.element.isProbe && $0.element.norm == norm }
        .map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    for finding in record.findings
    where finding.outcome == .broken && (finding.epsilon <= limit || finding.distance <= limit) {
      guard let rank = ranks[finding.attack] else { continue }
      if let known = nearest[finding.sample],
        (known.distance, ranks[known.attack] ?? .max) <= (finding.distance, rank)
      {
        continue
      }
      nearest[finding.sample] = finding
    }
  }

  /// Nil for a sample that nothing broke.
  package subscript(sample: Int) -> AttackFinding? { nearest[sample] }
}
