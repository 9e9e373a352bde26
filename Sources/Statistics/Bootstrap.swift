import Tensors

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
    guard count > 0 else { return nil }
    var values: [Double] = []
    for resample in 0..<resamples {
      var random = RandomStream(seed: seed, purpose: "bootstrap/\(purpose)", sample: resample)
      let indices = (0..<count).map { _ in Int.random(in: 0..<count, using: &random) }
      if let value = statistic(indices) { values.append(value) }
    }
    guard !values.isEmpty else { return nil }
    values.sort()
    let tail = (1 - confidence) / 2
    return (Self.quantile(values, tail), Self.quantile(values, 1 - tail))
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
