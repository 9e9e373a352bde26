/// The percentile bootstrap of a statistic of independent samples.
///
/// - Source: Efron 1979, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7.
package struct Bootstrap: Hashable, Sendable {
  package var resamples = 1_000
  package var seed: UInt64 = 0
  package var confidence = 0.95

  package init(resamples: Int = 1_000, seed: UInt64 = 0, confidence: Double = 0.95) {
    self.resamples = resamples
    self.seed = seed
    self.confidence = confidence
  }

  /// How the interval came about, for the record.
  package var description: String {
    "percentile bootstrap, \(resamples) resamples, seed \(seed)"
  }

  /// The interval of a statistic of indices into the samples; nil where it is undefined.
  ///
  /// Resamples for which the statistic is undefined are left out.
  package func interval(
    count: Int, purpose: String, of statistic: ([Int]) -> Double?
  ) -> (lower: Double, upper: Double)? {
    interval(of: resampled(count: count, purpose: purpose, of: statistic))
  }

  /// The quantile of sorted values, linear between order statistics (Hyndman and Fan 1996, type 7).
  package static func quantile(_ sorted: [Double], _ probability: Double) -> Double {
    let position = probability * Double(sorted.count - 1)
    let index = Int(position)
    guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
  }

  /// The median, nil for no values.
  package static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : quantile(values.sorted(), 0.5)
  }
}
