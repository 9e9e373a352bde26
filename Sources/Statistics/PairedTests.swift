/// The tests of a drop between two versions, for counts that may be fractions.
///
/// The score test alone errs more often than its level where few samples differ. Each of its
/// probabilities is therefore raised to that of a binomial tail, which holds there; error rates
/// with and without it are in `docs/checks-statistics.md`.
struct PairedTests: Hashable, Sendable {
  let score: PairedScore

  init(count: Double, worsened: Double, improved: Double) {
    score = PairedScore(count: count, worsened: worsened, improved: improved)
  }

  private var count: Double { score.count }
  private var worsened: Double { score.worsened }
  private var improved: Double { score.improved }

  /// The same with the two versions exchanged: every drop becomes a gain.
  var mirrored: PairedTests {
    PairedTests(count: count, worsened: improved, improved: worsened)
  }

  /// McNemar's exact probability of as many or more worsened among those that differ, b of b + c.
  var worseningProbability: Double {
    BinomialTails(trials: worsened + improved, rate: 0.5).probability(ofAtLeast: worsened)
  }

  /// The p-value of the hypothesis that the drop is at most δ.
  ///
  ///     δ ≥ 0:  max(1 − Φ(Z(δ)), McNemar's, P(Bin(n, δ + (c + 1) / n) ≥ b))
  ///     δ < 0:  max(1 − Φ(Z(δ)), P(Bin(n, b / n − δ) ≤ c))
  func probability(thatDropIsAtMost limit: Double) -> Double {
    guard limit < 1 else { return 1 }
    guard limit >= -1 else { return 0 }
    let normal = NormalDistribution.cumulative(-score.statistic(at: limit))
    guard limit >= 0 else {
      let tails = BinomialTails(trials: count, rate: worsened / count - limit)
      return max(normal, tails.probability(ofAtMost: improved))
    }
    let tails = BinomialTails(trials: count, rate: limit + (improved + 1) / count)
    return max(normal, worseningProbability, tails.probability(ofAtLeast: worsened))
  }

  /// The p-value of the hypothesis that the drop is at least δ: that a gain is at most −δ.
  func probability(thatDropIsAtLeast limit: Double) -> Double {
    mirrored.probability(thatDropIsAtMost: -limit)
  }

  /// The least drop that the first test does not refuse at level α = `probability`.
  ///
  /// The least of the bounds that its parts have; those of the binomial tails are Clopper's and
  /// Pearson's, shifted by the other share.
  func lowerBound(probability: Double) -> Double {
    let bound = score.difference(atStatistic: -NormalDistribution.quantile(probability))
    let least = BinomialTails.lowerBound(worsened, of: count, probability: probability)
    let drop = min(bound, least - (improved + 1) / count)
    if drop > 0, worseningProbability <= probability { return drop }
    let most = BinomialTails.upperBound(improved, of: count, probability: probability)
    return min(bound, worsened / count - most, 0)
  }

  /// The greatest drop that the second test does not refuse at level α = `probability`.
  func upperBound(probability: Double) -> Double {
    0 - mirrored.lowerBound(probability: probability)
  }
}
