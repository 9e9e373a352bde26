import Tensors

/// The nearest verified perturbation of each broken sample, under any norm.
///
/// Distances of different norms are compared after division by the largest ε that was tried under
/// the norm. Probes, whose ε is no claim, do not take part.
struct BrokenSamples {
  /// A perturbed input that changes the model's answer.
  struct Break {
    /// The raw input.
    let perturbed: Tensor
    /// Its distance over the largest ε of its norm.
    let relativeDistance: Double
    /// The position of the attack in the plan, which decides between equal distances.
    fileprivate let rank: Int

    fileprivate func isNearer(than other: Break) -> Bool {
      (relativeDistance, rank) < (other.relativeDistance, other.rank)
    }
  }

  private var nearest: [Int: Break] = [:]

  init(_ record: AuditRecord) {
    let claimed = record.attacks.filter { !$0.isProbe }
    let largest = Dictionary(
      claimed.map { ($0.norm, $0.epsilons.max() ?? 0) }, uniquingKeysWith: { Swift.max($0, $1) })
    let attacks = Dictionary(
      claimed.enumerated().map { ($0.element.id, ($0.offset, largest[$0.element.norm] ?? 0)) },
      uniquingKeysWith: { first, _ in first })
    for finding in record.findings where finding.outcome == .broken {
      guard let (rank, epsilon) = attacks[finding.attack], epsilon > 0,
        let perturbed = finding.perturbed
      else { continue }
      let found = Break(
        perturbed: perturbed, relativeDistance: finding.distance / epsilon, rank: rank)
      if nearest[finding.sample].map(found.isNearer) ?? true { nearest[finding.sample] = found }
    }
  }

  /// Nil for a sample that nothing broke.
  func nearest(of sample: Int) -> Break? { nearest[sample] }
}
