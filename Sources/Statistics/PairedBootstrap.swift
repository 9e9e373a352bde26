/// The paired bootstrap of a statistic of samples: one draw of indices serves both versions.
///
/// The statistic sees the same resampled samples before and after, so that what they have in
/// common cancels. For measures that are no share of samples.
///
/// - Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 8 and 13.
package struct PairedBootstrap: Hashable, Sendable {
  package let resamples: Int
  package let seed: UInt64

  package init(resamples: Int = 2_000, seed: UInt64 = 0) {
    precondition(resamples > 0, "expected at least one resample, got \(resamples)")
    self.resamples = resamples
    self.seed = seed
  }

  /// How a distribution came about, for the record: "paired bootstrap, 2,000 resamples, seed 0".
  package var description: String {
    "paired bootstrap, \(Self.grouped(resamples)) resamples, seed \(seed)"
  }

  /// A whole number with a comma before every third digit.
  private static func grouped(_ number: Int) -> String {
    guard number >= 1_000 else { return String(number) }
    let last = String(number % 1_000)
    return grouped(number / 1_000) + "," + String(repeating: "0", count: 3 - last.count) + last
  }

  /// The distribution of a statistic of indices into the samples.
  ///
  /// A resample depends on seed, purpose and its own number alone. Resamples for which the
  /// statistic is undefined are left out.
  ///
  /// - Parameters:
  ///   - count: The number of samples, n.
  ///   - purpose: What it is for: another purpose draws other resamples.
  ///   - statistic: Of n indices, of which some occur more than once; nil where it is undefined.
  /// - Returns: nil where the statistic is undefined for the samples as they are, or in every
  ///   resample.
  package func distribution(
    count: Int, purpose: String, of statistic: ([Int]) -> Double?
  ) -> BootstrapDistribution? {
    guard count > 0, let value = statistic(Array(0..<count)) else { return nil }
    let values = Bootstrap(resamples: resamples, seed: seed)
      .resampled(count: count, purpose: purpose, of: statistic)
    guard !values.isEmpty else { return nil }
    return BootstrapDistribution(value: value, count: count, values: values)
  }
}
