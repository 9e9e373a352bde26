import Foundation

/// What a statistic was in each resample of a bootstrap.
package struct BootstrapDistribution: Hashable, Sendable {
  /// The statistic of the samples as they are.
  package let value: Double
  /// The number of samples.
  package let count: Int
  /// The statistic of each resample, ascending.
  package let resampled: [Double]

  /// A distribution of values in any order.
  ///
  /// - Precondition: There is at least one value, and none is NaN.
  package init(value: Double, count: Int, values: [Double]) {
    precondition(
      !values.isEmpty && !value.isNaN && !values.contains(where: \.isNaN),
      "expected at least one resample and no NaN, got \(value) and \(values.count) resamples")
    self.value = value
    self.count = count
    resampled = values.sorted()
  }

  /// The p-value of the hypothesis that the true value is at most the limit.
  ///
  /// (1 + the resamples up to the limit) / (1 + B): never below 1 / (1 + B), as B resamples can
  /// show no less (Davison and Hinkley 1997, Bootstrap Methods and Their Application, 4.2).
  package func probability(thatValueIsAtMost limit: Double) -> Double {
    Double(1 + position { $0 <= limit }) / Double(1 + resampled.count)
  }

  /// The p-value of the hypothesis that the true value is at least the limit.
  package func probability(thatValueIsAtLeast limit: Double) -> Double {
    Double(1 + resampled.count - position { $0 < limit }) / Double(1 + resampled.count)
  }

  /// The number of values, from the least on, of which the condition holds.
  private func position(while holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, resampled.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(resampled[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The one-sided lower percentile bound: the quantile 1 − confidence of the resamples.
  package func lowerBound(confidence: Double) -> Double {
    Bootstrap.quantile(resampled, 1 - confidence)
  }

  /// The one-sided upper percentile bound: the quantile of the resamples at the confidence.
  package func upperBound(confidence: Double) -> Double {
    Bootstrap.quantile(resampled, confidence)
  }

  /// The number of samples that decides, if the value stays and its bound comes nearer as 1/√n.
  ///
  ///     n (|bound − value| / |limit − value|)²,   rounded up
  ///
  /// with the bound on the side of the limit.
  ///
  /// - Parameters:
  ///   - limit: What the value is held against.
  ///   - confidence: That of the one-sided bound.
  /// - Returns: nil if the value is the limit, or ten million samples would not decide.
  package func decidingCount(limit: Double, confidence: Double) -> Int? {
    guard value != limit else { return nil }
    let bound =
      value < limit ? upperBound(confidence: confidence) : lowerBound(confidence: confidence)
    let ratio = (bound - value) / (limit - value)
    let needed = (Double(count) * ratio * ratio).rounded(.up)
    guard needed <= Double(DecidingCount.largest) else { return nil }
    return max(1, Int(needed))
  }
}
