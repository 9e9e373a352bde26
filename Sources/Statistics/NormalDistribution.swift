import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
  /// The probability of a value up to x: Φ(x) = erfc(−x / √2) / 2, with the precision of erfc in
  /// both tails.
  package static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

  /// The value below which a fraction `probability` lies; ∓∞ for 0 and 1.
  ///
  /// The rational approximation 26.2.23 of Abramowitz and Stegun 1964 (error below 4.5·10⁻⁴), then
  /// Newton's steps, each of which squares the error.
  package static func quantile(_ probability: Double) -> Double {
    precondition(
      (0...1).contains(probability), "expected a probability in [0, 1], got \(probability)")
    guard probability <= 0.5 else { return -quantile(1 - probability) }
    guard probability > 0 else { return -.infinity }
    var x = start(probability)
    for _ in 0..<4 { x -= (cumulative(x) - probability) / density(x) }
    return x
  }

  private static func density(_ x: Double) -> Double {
    exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
  }

  private static func start(_ probability: Double) -> Double {
    let t = (-2 * log(probability)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    return numerator / denominator - t
  }
}
