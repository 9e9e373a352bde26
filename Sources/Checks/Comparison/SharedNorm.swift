import Audits
import Tensors

/// A norm under which both records attacked, in the same units.
struct SharedNorm {
  let norm: Norm
  let scale: String
  /// The radii that both tried, ascending.
  let epsilons: [Double]
  /// The largest of them.
  let limit: Double
  /// Whether the attacks of both are the same, with the same parameters.
  let hasSameAttacks: Bool

  /// The norms of both records, in the order of the first one's plan.
  ///
  /// - Parameters:
  ///   - first: A record.
  ///   - second: Another.
  /// - Returns: The norms that can be compared, and those that have no radius in the same
  ///   units in common.
  static func all(
    _ first: AuditRecord, _ second: AuditRecord
  ) -> (shared: [SharedNorm], differing: [Norm]) {
    let (before, after) = (Robustness(first), Robustness(second))
    var shared: [SharedNorm] = []
    var differing: [Norm] = []
    for norm in before.norms where after.norms.contains(norm) {
      let scales = first.scales(norm).union(second.scales(norm))
      let epsilons = before.epsilons(norm).filter(after.epsilons(norm).contains)
      guard scales.count == 1, let scale = scales.first, let limit = epsilons.last else {
        differing.append(norm)
        continue
      }
      shared.append(
        SharedNorm(
          norm: norm, scale: scale, epsilons: epsilons, limit: limit,
          hasSameAttacks: first.methods(norm) == second.methods(norm)))
    }
    return (shared, differing)
  }

  /// The samples that nothing is known of at some radius up to the limit: not attacked in full.
  func unfinished(_ robustness: Robustness) -> Set<Int> {
    Set(
      robustness.epsilons(norm).filter { $0 <= limit }.flatMap {
        robustness.unfinished(norm, within: $0)
      })
  }
}

extension AuditRecord {
  fileprivate func scales(_ norm: Norm) -> Set<String> {
    Set(attacks.filter { !$0.isProbe && $0.norm == norm }.map(\.scale))
  }

  /// What was tried under a norm, without what it cost; known examples add to any of it.
  fileprivate func methods(_ norm: Norm) -> Set<[String]> {
    Set(
      attacks.filter { !$0.isProbe && !$0.isReplay && $0.norm == norm }.map { attack in
        [attack.id, attack.method, attack.goal] + attack.epsilons.map { "\($0)" }
          + attack.parameters.flatMap { [$0.name, $0.value] }
      })
  }
}
