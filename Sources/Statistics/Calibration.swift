/// How far a classifier's confidence is from its accuracy.
///
/// - Source: Guo et al. 2017, arXiv:1706.04599, equations 3 and 5; Brier 1950, Monthly Weather
///   Review 78.
public struct Calibration: Hashable, Sendable {
  /// Samples whose confidence, the largest probability, lies in one interval.
  public struct Bin: Hashable, Sendable {
    public let lower: Double
    public let upper: Double
    public let count: Int
    /// The number classified correctly.
    public let correctCount: Int
    /// The mean confidence, 0 for an empty bin.
    public let confidence: Double
    /// The fraction classified correctly, 0 for an empty bin.
    public var accuracy: Double { Double(correctCount) / Double(Swift.max(count, 1)) }
  }

  public let bins: [Bin]
  private let sampleCount: Int

  /// Bins of equal width.
  ///
  /// - Precondition: `confidences` lie in [0, 1] and are as many as `isCorrect`.
  public init(confidences: [Double], isCorrect: [Bool], binCount: Int = 10) {
    self.init(
      confidences: confidences, isCorrect: isCorrect,
      bins: ConfidenceBins(equalWidth: confidences, count: binCount))
  }

  /// Bins of about as many samples each.
  public init(equalMass confidences: [Double], isCorrect: [Bool], binCount: Int = 10) {
    self.init(
      confidences: confidences, isCorrect: isCorrect,
      bins: ConfidenceBins(equalMass: confidences, count: binCount))
  }

  /// Bins that are known already.
  package init(confidences: [Double], isCorrect: [Bool], bins: ConfidenceBins) {
    precondition(
      confidences.count == isCorrect.count && confidences.count == bins.positions.count,
      "expected one flag and one bin per confidence")
    sampleCount = confidences.count
    var counts = [Int](repeating: 0, count: bins.count)
    var correctCounts = counts
    var sums = [Double](repeating: 0, count: bins.count)
    for (index, bin) in bins.positions.enumerated() {
      counts[bin] += 1
      sums[bin] += confidences[index]
      if isCorrect[index] { correctCounts[bin] += 1 }
    }
    self.bins = counts.indices.map { bin in
      Bin(
        lower: bins.edges[bin], upper: bins.edges[bin + 1], count: counts[bin],
        correctCount: correctCounts[bin],
        confidence: sums[bin] / Double(Swift.max(counts[bin], 1)))
    }
  }

  /// Σ over bins of n_b / n · |accuracy_b − confidence_b|; nil without samples.
  public var expectedError: Double? {
    guard sampleCount > 0 else { return nil }
    return bins.reduce(0) {
      $0 + Double($1.count) / Double(sampleCount) * abs($1.accuracy - $1.confidence)
    }
  }

  /// The largest |accuracy_b − confidence_b| of the bins that hold samples; nil without samples.
  public var maximumError: Double? {
    bins.filter { $0.count > 0 }.map { abs($0.accuracy - $0.confidence) }.max()
  }

  /// The mean over samples of Σ_k (p_k − [k = y])²; nil without samples.
  public static func brierScore(probabilities: [[Float]], labels: [Int]) -> Double? {
    guard !labels.isEmpty else { return nil }
    let total = zip(probabilities, labels).reduce(0.0) { sum, sample in
      sum
        + sample.0.enumerated().reduce(0.0) { partial, entry in
          let error = Double(entry.element) - (entry.offset == sample.1 ? 1 : 0)
          return partial + error * error
        }
    }
    return total / Double(labels.count)
  }
}
