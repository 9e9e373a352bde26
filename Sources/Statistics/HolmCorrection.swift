/// The correction of several p-values, so that together they err as often as one alone.
///
///     adjusted(i) = max over j ≤ i of min(1, (m − j + 1) p(j)),   p(1) ≤ p(2) ≤ … ≤ p(m)
///
/// The probability of refusing even one true hypothesis stays below the level, whatever the
/// dependence between the tests.
///
/// - Source: Holm 1979, Scandinavian Journal of Statistics 6, 65–70.
package enum HolmCorrection {
  /// The adjusted p-values, in the order of the given ones.
  ///
  /// - Precondition: Each is in [0, 1].
  package static func adjusted(_ probabilities: [Double]) -> [Double] {
    precondition(
      probabilities.allSatisfy((0...1).contains),
      "expected probabilities in [0, 1], got \(probabilities)")
    let ascending = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
    var adjusted = probabilities
    var least = 0.0
    for (rank, index) in ascending.enumerated() {
      least = max(least, min(1, Double(probabilities.count - rank) * probabilities[index]))
      adjusted[index] = least
    }
    return adjusted
  }
}
