/// A number with its interval, as a record keeps it.
public struct IntervalEstimate: Codable, Hashable, Sendable {
  /// Nil: undefined, as a rate of no samples is.
  public var value: Double?
  public var lower: Double?
  public var upper: Double?
  /// The number of samples behind the value.
  public var count: Int
  /// The probability with which the interval covers, over repeated samples.
  public var confidence: Double
  /// "Clopper–Pearson", "percentile bootstrap, 1,000 resamples, seed 0".
  public var method: String

  /// - Precondition: no number is NaN or infinite.
  public init(
    value: Double?, lower: Double?, upper: Double?, count: Int, confidence: Double = 0.95,
    method: String
  ) {
    precondition(
      [value, lower, upper].allSatisfy { $0?.isFinite ?? true },
      "expected finite numbers, got \([value, lower, upper])")
    self.value = value
    self.lower = lower
    self.upper = upper
    self.count = count
    self.confidence = confidence
    self.method = method
  }

  /// A proportion with its exact interval (Clopper and Pearson 1934); undefined for no samples.
  public init(successes: Int, of count: Int, confidence: Double = 0.95) {
    let interval =
      count == 0
      ? nil : BinomialInterval(successes: successes, count: count, confidence: confidence)
    self.init(
      value: count == 0 ? nil : Double(successes) / Double(count), lower: interval?.lower,
      upper: interval?.upper, count: count, confidence: confidence, method: "Clopper–Pearson")
  }

  /// A statistic of indices into samples with its bootstrap interval.
  ///
  /// - Parameters:
  ///   - count: The number of samples.
  ///   - bootstrap: How it is resampled.
  ///   - purpose: What it is for: another purpose draws other resamples.
  ///   - statistic: Of indices, of which some occur more than once; nil where it is undefined.
  package init(
    count: Int, bootstrap: Bootstrap, purpose: String, of statistic: ([Int]) -> Double?
  ) {
    let value = count == 0 ? nil : statistic(Array(0..<count))
    let interval =
      value == nil ? nil : bootstrap.interval(count: count, purpose: purpose, of: statistic)
    self.init(
      value: value, lower: interval?.lower, upper: interval?.upper, count: count,
      confidence: bootstrap.confidence, method: bootstrap.description)
  }
}
