/// A share of n samples that is held against a limit.
///
/// Exact: the tails of the binomial distribution, and the bounds of Clopper and Pearson 1934 that
/// they have.
package struct SingleOutcomes: Hashable, Sendable {
  /// The number of samples, n.
  package let count: Int
  /// The samples of which it holds, k.
  package let successes: Int

  /// The outcomes of `count` samples.
  ///
  /// - Precondition: 0 ≤ k ≤ n and n > 0.
  package init(count: Int, successes: Int) {
    precondition(
      count > 0 && (0...count).contains(successes),
      "expected successes in 0...n and n > 0, got \(successes) of \(count)")
    self.count = count
    self.successes = successes
  }

  /// The share that was seen, k / n.
  package var share: Double { Double(successes) / Double(count) }

  /// The p-value of the hypothesis that the true share is at least the limit: P(X ≤ k).
  package func probability(thatShareIsAtLeast limit: Double) -> Double {
    guard limit <= 1 else { return 0 }
    return BinomialTails(trials: Double(count), rate: limit)
      .probability(ofAtMost: Double(successes))
  }

  /// The p-value of the hypothesis that the true share is at most the limit: P(X ≥ k).
  package func probability(thatShareIsAtMost limit: Double) -> Double {
    guard limit >= 0 else { return 0 }
    return BinomialTails(trials: Double(count), rate: limit)
      .probability(ofAtLeast: Double(successes))
  }

  /// The one-sided lower bound of the share.
  package func lowerBound(confidence: Double) -> Double {
    BinomialTails.lowerBound(
      Double(successes), of: Double(count), probability: 1 - confidence)
  }

  /// The one-sided upper bound of the share.
  package func upperBound(confidence: Double) -> Double {
    BinomialTails.upperBound(
      Double(successes), of: Double(count), probability: 1 - confidence)
  }

  /// The smallest number of samples that decides, if the share stays as it is.
  ///
  /// - Parameters:
  ///   - limit: The share that it is held against.
  ///   - confidence: 1 − α, with α what the p-value of one of the two hypotheses must not exceed.
  /// - Returns: nil if ten million samples would not decide.
  package func decidingCount(limit: Double, confidence: Double) -> Int? {
    DecidingCount.smallest { count in
      let tails = BinomialTails(trials: count, rate: limit)
      return tails.probability(ofAtMost: share * count) <= 1 - confidence
        || tails.probability(ofAtLeast: share * count) <= 1 - confidence
    }
  }
}
