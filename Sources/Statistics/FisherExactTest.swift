/// Fisher's exact test of whether two groups have the same share.
///
/// Given the margins of the table of counts
///
///     k      n − k
///     K − k  m − K + k
///
/// k has the hypergeometric distribution if the shares are the same. The two-sided p-value is the
/// probability of all tables that are no likelier than the one seen, as SciPy's `fisher_exact` has
/// it. It holds for any number of samples.
///
/// - Source: Fisher 1935, Journal of the Royal Statistical Society 98, 39–82.
package struct FisherExactTest: Hashable, Sendable {
  /// The successes of the first group, k.
  private let observed: Int
  /// The size of the first group, n.
  private let count: Int
  /// The successes of both groups, K.
  private let successes: Int
  /// The size of both groups, n + m.
  private let total: Int

  /// The test of k of n against `otherSuccesses` of m.
  ///
  /// - Precondition: 0 ≤ successes ≤ count in both groups.
  package init(successes: Int, of count: Int, otherSuccesses: Int, of otherCount: Int) {
    precondition(
      successes >= 0 && successes <= count && otherSuccesses >= 0 && otherSuccesses <= otherCount,
      """
      expected successes within the counts, got \(successes) of \(count) and \(otherSuccesses) of \
      \(otherCount)
      """)
    observed = successes
    self.count = count
    self.successes = successes + otherSuccesses
    total = count + otherCount
  }

  /// The two-sided p-value; 1 where a margin is empty, 0 where it is below about 10⁻³⁰⁰.
  ///
  /// Weights are relative to the likeliest table, each from its neighbour's. Tables that are equally
  /// likely differ by rounding alone, hence the margin of 10⁻⁷.
  package var probability: Double {
    var limit = 0.0
    forEachTable { table, weight in
      if table == observed { limit = weight * (1 + 1e-7) }
    }
    var (all, unlikely) = (0.0, 0.0)
    forEachTable { _, weight in
      all += weight
      if weight <= limit { unlikely += weight }
    }
    return min(1, unlikely / all)
  }

  /// Every k with its weight, from the likeliest outwards, as far as weights are above zero.
  private func forEachTable(_ body: (_ table: Int, _ weight: Double) -> Void) {
    let likeliest = (count + 1) * (successes + 1) / (total + 2)
    body(likeliest, 1)
    var (table, weight) = (likeliest, 1.0)
    while table < min(count, successes), weight > 0 {
      weight *= ratio(after: table)
      table += 1
      body(table, weight)
    }
    (table, weight) = (likeliest, 1)
    while table > max(0, count + successes - total), weight > 0 {
      table -= 1
      weight /= ratio(after: table)
      body(table, weight)
    }
  }

  /// P(k + 1) / P(k).
  private func ratio(after table: Int) -> Double {
    Double(successes - table) * Double(count - table)
      / (Double(table + 1) * Double(total - successes - count + table + 1))
  }
}
