/// The tails of the binomial distribution of n trials, continued to counts that are not whole.
///
///     P(X ≥ k) = I_p(k, n − k + 1);   P(X ≤ k) = I_{1−p}(n − k, k + 1)
///
/// with I the regularised incomplete beta function. Whole counts give the binomial sums exactly.
///
/// - Source: Abramowitz and Stegun 1964, 26.5.24.
struct BinomialTails: Hashable, Sendable {
  let trials: Double
  let rate: Double

  init(trials: Double, rate: Double) {
    self.trials = trials
    self.rate = min(max(rate, 0), 1)
  }

  /// The probability of at least `count` successes.
  func probability(ofAtLeast count: Double) -> Double {
    guard count > 0 else { return 1 }
    return BetaDistribution(a: count, b: trials - count + 1).cumulative(rate)
  }

  /// The probability of at most `count` successes.
  func probability(ofAtMost count: Double) -> Double {
    guard count < trials else { return 1 }
    return BetaDistribution(a: trials - count, b: count + 1).cumulative(1 - rate)
  }

  /// The rate at which at least `count` successes have the given probability: the exact lower
  /// bound of Clopper and Pearson 1934 where the probability is 1 − confidence.
  static func lowerBound(_ count: Double, of trials: Double, probability: Double) -> Double {
    count > 0
      ? BetaDistribution(a: count, b: trials - count + 1).quantile(probability) : 0
  }

  /// The rate at which at most `count` successes have the given probability: their upper bound.
  static func upperBound(_ count: Double, of trials: Double, probability: Double) -> Double {
    1 - lowerBound(trials - count, of: trials, probability: probability)
  }
}
