/// Two yes/no outcomes of each of n samples, before and after: right and wrong, robust and broken.
///
/// Only the samples whose outcomes differ say which version is better: b that held before and do
/// not after, and c the other way round.
package struct PairedOutcomes: Hashable, Sendable {
  /// The number of samples, n.
  package let count: Int
  /// Samples that held before and do not after, b.
  package let worsened: Int
  /// Samples that did not hold before and do after, c.
  package let improved: Int

  /// The outcomes of `count` samples by their numbers.
  ///
  /// - Precondition: b ≥ 0, c ≥ 0, b + c ≤ n and n > 0.
  package init(count: Int, worsened: Int, improved: Int) {
    precondition(
      count > 0 && worsened >= 0 && improved >= 0 && worsened + improved <= count,
      "expected b + c in 0...n and n > 0, got \(worsened) and \(improved) of \(count)")
    self.count = count
    self.worsened = worsened
    self.improved = improved
  }

  /// The outcomes sample by sample, in the same order.
  package init(before: [Bool], after: [Bool]) {
    precondition(
      before.count == after.count,
      "expected an outcome before and after of each sample, got \(before.count) and \(after.count)")
    let pairs = zip(before, after)
    self.init(
      count: before.count, worsened: pairs.count { $0 && !$1 },
      improved: pairs.count { !$0 && $1 })
  }

  private var tests: PairedTests { scaled(to: Double(count)) }

  /// The tests at the same rates with another number of samples.
  private func scaled(to other: Double) -> PairedTests {
    let factor = other / Double(count)
    return PairedTests(
      count: other, worsened: Double(worsened) * factor, improved: Double(improved) * factor)
  }

  /// By how much the share that holds is lower after than before: (b − c) / n.
  package var drop: Double { Double(worsened - improved) / Double(count) }

  /// The exact two-sided p-value of equal versions: min(1, 2 P(X ≤ min(b, c))), X ~ Bin(b + c, ½).
  ///
  /// - Source: McNemar 1947, Psychometrika 12, 153–157.
  package var mcNemarProbability: Double {
    min(1, 2 * min(tests.worseningProbability, tests.mirrored.worseningProbability))
  }

  /// The exact one-sided p-value against a worse version: P(X ≥ b), X ~ Bin(b + c, ½).
  package var worseningProbability: Double { tests.worseningProbability }

  /// The p-value of the hypothesis that the true drop is at most the limit: small if it is more.
  ///
  /// Tango's score test (`PairedScore`), and for δ ≥ 0 no less than the exact one-sided McNemar
  /// p-value: a drop above δ is a drop above 0. Two equally good versions are therefore taken for
  /// a drop above δ with at most the probability α at level α, exactly, for every δ ≥ 0 and every
  /// n. If the true drop is δ itself, a binomial tail keeps the score test near its level.
  package func probability(thatDropIsAtMost limit: Double) -> Double {
    tests.probability(thatDropIsAtMost: limit)
  }

  /// The p-value of the hypothesis that the true drop is at least the limit: small if it is less.
  ///
  /// The test of non-inferiority: the mirror image of `probability(thatDropIsAtMost:)`. For δ > 0
  /// it is the score test, and no less than P(Bin(n, δ + c / n) ≤ b): without it, no sample worse
  /// among 133 would do for δ = 0.02 at 95 %, although 2 in 100 worse leave none in 133 samples
  /// with a probability of 6.8 %. For δ ≤ 0 it is also at least McNemar's, of an improvement.
  package func probability(thatDropIsAtLeast limit: Double) -> Double {
    tests.probability(thatDropIsAtLeast: limit)
  }

  /// The one-sided lower bound of the drop: what `probability(thatDropIsAtMost:)` does not refuse.
  package func lowerBound(confidence: Double) -> Double {
    tests.lowerBound(probability: 1 - confidence)
  }

  /// The one-sided upper bound of the drop: what `probability(thatDropIsAtLeast:)` does not refuse.
  package func upperBound(confidence: Double) -> Double {
    tests.upperBound(probability: 1 - confidence)
  }

  /// The smallest number of samples that decides, if their rates are those seen here.
  ///
  /// - Parameters:
  ///   - limit: The drop δ that is allowed.
  ///   - confidence: 1 − α, with α what the p-value of one of the two hypotheses must not exceed.
  /// - Returns: nil if ten million samples would not decide.
  package func decidingCount(limit: Double, confidence: Double) -> Int? {
    DecidingCount.smallest { count in
      let tests = scaled(to: count)
      return tests.probability(thatDropIsAtMost: limit) <= 1 - confidence
        || tests.probability(thatDropIsAtLeast: limit) <= 1 - confidence
    }
  }
}
