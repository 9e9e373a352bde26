import Tensors

extension Bootstrap {
  /// Draws every resample once, for statistics that share their draws.
  ///
  /// The indices are those that `interval(count:purpose:of:)` draws for the same purpose.
  ///
  /// - Parameters:
  ///   - count: The number of samples, n.
  ///   - purpose: What it is for: another purpose draws other resamples.
  ///   - body: What is done with the n indices of a resample.
  package func forEachResample(count: Int, purpose: String, _ body: ([Int]) -> Void) {
    guard count > 0 else { return }
    var indices = Array(repeating: 0, count: count)
    for resample in 0..<resamples {
      var random = RandomStream(seed: seed, purpose: "bootstrap/\(purpose)", sample: resample)
      for position in 0..<count { indices[position] = Int.random(in: 0..<count, using: &random) }
      body(indices)
    }
  }

  /// What a statistic is in each resample, those left out for which it is undefined.
  package func resampled(
    count: Int, purpose: String, of statistic: ([Int]) -> Double?
  ) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(resamples)
    forEachResample(count: count, purpose: purpose) { indices in
      if let value = statistic(indices) { values.append(value) }
    }
    return values
  }

  /// The percentile interval of what a statistic was in the resamples; nil where it was nowhere
  /// defined.
  package func interval(of values: [Double]) -> (lower: Double, upper: Double)? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let tail = (1 - confidence) / 2
    return (Self.quantile(sorted, tail), Self.quantile(sorted, 1 - tail))
  }
}

extension IntervalEstimate {
  /// A statistic with the interval of what it was in each resample.
  package init(value: Double?, resampled: [Double], count: Int, bootstrap: Bootstrap) {
    let interval = value == nil ? nil : bootstrap.interval(of: resampled)
    self.init(
      value: value, lower: interval?.lower, upper: interval?.upper, count: count,
      confidence: bootstrap.confidence, method: bootstrap.description)
  }
}
