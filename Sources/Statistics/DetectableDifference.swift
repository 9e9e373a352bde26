/// The difference between two shares that a number of samples is enough to see.
///
/// The smallest δ = |p − q| with
///
///     δ = z(1 − α/2) √(r (1 − r) (1/n + 1/m)) + z(power) √(p (1 − p)/n + q (1 − q)/m),
///     r = (n p + m q) / (n + m),
///
/// by the normal approximation. Of the two shares p at the distance δ from q it is the one nearer
/// ½, for which more is needed.
///
/// - Source: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, 4.2.
package struct DetectableDifference: Hashable, Sendable {
  /// The probability of seeing a difference where there is none, two-sided, α.
  package var level = 0.05
  /// The probability of seeing the difference.
  package var power = 0.8

  package init() {}

  /// The smallest difference that a group of `count` from one of `otherCount` may be seen to have.
  ///
  /// - Parameters:
  ///   - rate: The share of the other group, q.
  ///   - count: The samples of the group, n.
  ///   - otherCount: The samples of the other group, m.
  /// - Returns: nil where a group is empty, or not even the largest difference would be seen.
  package func smallest(rate: Double, count: Int, otherCount: Int) -> Double? {
    precondition((0...1).contains(rate), "expected a share in [0, 1], got \(rate)")
    guard count > 0, otherCount > 0 else { return nil }
    let largest = max(rate, 1 - rate)
    let direction = rate >= 0.5 ? -1.0 : 1
    func isSeen(_ difference: Double) -> Bool {
      difference
        >= needed(rate + direction * difference, Double(count), rate, Double(otherCount))
    }
    guard isSeen(largest) else { return nil }
    // What is needed is concave in the difference: once seen, every larger one is seen too.
    var (low, high) = (0.0, largest)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if isSeen(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// The right-hand side of the equation.
  private func needed(_ p: Double, _ n: Double, _ q: Double, _ m: Double) -> Double {
    let pooled = (n * p + m * q) / (n + m)
    let equal = max(0, pooled * (1 - pooled)) * (1 / n + 1 / m)
    let different = max(0, p * (1 - p)) / n + q * (1 - q) / m
    return NormalDistribution.quantile(1 - level / 2) * equal.squareRoot()
      + NormalDistribution.quantile(power) * different.squareRoot()
  }
}
