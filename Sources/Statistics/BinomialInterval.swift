import Foundation

/// The exact confidence interval of a proportion.
///
///     lower = B⁻¹(α/2; k, n − k + 1);   upper = B⁻¹(1 − α/2; k + 1, n − k)
///
/// with B⁻¹ the quantile function of the beta distribution; 0 for k = 0 and 1 for k = n.
///
/// - Source: Clopper and Pearson 1934, Biometrika 26.
public struct BinomialInterval: Hashable, Sendable {
  public let lower: Double
  public let upper: Double

  /// The interval for `successes` of `count` independent trials.
  ///
  /// - Precondition: 0 ≤ successes ≤ count, count > 0 and 0 < confidence < 1.
  public init(successes: Int, count: Int, confidence: Double = 0.95) {
    precondition(
      count > 0 && (0...count).contains(successes) && confidence > 0 && confidence < 1,
      "expected successes in 0...count and a confidence in (0, 1), got \(successes) of \(count)")
    let tail = (1 - confidence) / 2
    let (k, n) = (Double(successes), Double(count))
    lower = successes == 0 ? 0 : BetaDistribution(a: k, b: n - k + 1).quantile(tail)
    upper = successes == count ? 1 : BetaDistribution(a: k + 1, b: n - k).quantile(1 - tail)
  }
}

/// The beta distribution on [0, 1] with density ∝ xᵃ⁻¹ (1 − x)ᵇ⁻¹.
package struct BetaDistribution: Hashable, Sendable {
  package let a: Double
  package let b: Double

  package init(a: Double, b: Double) {
    self.a = a
    self.b = b
  }

  /// The probability of a value up to x: the regularised incomplete beta function Iₓ(a, b).
  ///
  /// By the continued fraction 26.5.8 of Abramowitz and Stegun 1964, evaluated as Lentz (1976)
  /// did, on whichever side it converges fast.
  package func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let logFactor =
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return x < (a + 1) / (a + b + 2)
      ? exp(logFactor) * continuedFraction(x, a, b) / a
      : 1 - exp(logFactor) * continuedFraction(1 - x, b, a) / b
  }

  private func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var numerator = 1.0
    var denominator = 1 / away(1 - (a + b) * x / (a + 1))
    var result = denominator
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      denominator = 1 / away(1 + even * denominator)
      numerator = away(1 + even / numerator)
      result *= denominator * numerator
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      denominator = 1 / away(1 + odd * denominator)
      numerator = away(1 + odd / numerator)
      let factor = denominator * numerator
      result *= factor
      if abs(factor - 1) < 1e-15 { break }
    }
    return result
  }

  /// The value below which a fraction `probability` lies, by bisection to the last bit.
  package func quantile(_ probability: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if cumulative(middle) < probability { low = middle } else { high = middle }
    }
  }
}
