/// The score test of a difference of two paired proportions.
///
/// Of n samples, b got worse and c got better. With δ the difference p₁₀ − p₀₁ of their
/// probabilities under the hypothesis,
///
///     Z(δ) = (b − c − nδ) / √(n (2q + δ (1 − δ))),
///
/// where q is the p₀₁ of greatest likelihood among those with p₁₀ = q + δ: the root of
///
///     2n q² + ((2n − b + c) δ − b − c) q − c δ (1 − δ) = 0   that is not negative.
///
/// Z is nearly standard normal under the hypothesis and falls as δ grows. The counts may be
/// fractions, so that the same rates can be thought of with other numbers of samples.
///
/// - Source: Tango 1998, Statistics in Medicine 17, 891–908.
struct PairedScore: Hashable, Sendable {
  let count: Double
  let worsened: Double
  let improved: Double

  /// The statistic for −1 ≤ δ ≤ 1; ∓∞ where the hypothesis makes the samples impossible.
  func statistic(at difference: Double) -> Double {
    guard difference >= 0 else { return -mirrored.statistic(at: -difference) }
    let excess = worsened - improved - count * difference
    let spread = difference * (1 - difference)
    let variance = count * (2 * improvedRate(at: difference) + spread)
    guard variance > 0 else { return excess == 0 ? 0 : excess * .infinity }
    return excess / variance.squareRoot()
  }

  /// The likeliest p₀₁ for δ ≥ 0; the root is written so that nothing cancels.
  func improvedRate(at difference: Double) -> Double {
    let linear = (2 * count - worsened + improved) * difference - worsened - improved
    let constant = improved * difference * (1 - difference)
    let root = (linear * linear + 8 * count * constant).squareRoot()
    guard linear > 0 else { return (root - linear) / (4 * count) }
    return 2 * constant / (linear + root)
  }

  /// The δ at which the statistic equals `quantile`, by bisection to about 10⁻¹⁹.
  func difference(atStatistic quantile: Double) -> Double {
    var (low, high) = (-1.0, 1.0)
    for _ in 0..<64 {
      let middle = low + (high - low) / 2
      if statistic(at: middle) > quantile { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }

  private var mirrored: PairedScore {
    PairedScore(count: count, worsened: improved, improved: worsened)
  }
}
