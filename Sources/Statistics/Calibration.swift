/// How far a classifier's confidence is from its accuracy.
///
/// - Source: Guo et al. 2017, arXiv:1706.04599, equation 3; Brier 1950, Monthly Weather Review 78.
public struct Calibration: Hashable, Sendable {
  /// Samples whose confidence, the largest probability, lies in one interval.
  public struct Bin: Hashable, Sendable {
    public let lower: Double
    public let upper: Double
    public let count: Int
    /// The mean confidence, 0 for an empty bin.
    public let confidence: Double
    /// The fraction classified correctly, 0 for an empty bin.
    public let accuracy: Double
  }

  public let bins: [Bin]
  private let sampleCount: Int

  /// - Precondition: `confidences` lie in [0, 1] and are as many as `isCorrect`.
  public init(confidences: [Double], isCorrect: [Bool], binCount: Int = 10) {
    precondition(confidences.count == isCorrect.count, "expected one flag per confidence")
    sampleCount = confidences.count
    var members = [[Int]](repeating: [], count: binCount)
    for (index, confidence) in confidences.enumerated() {
      members[Swift.min(Int(confidence * Double(binCount)), binCount - 1)].append(index)
    }
    bins = members.enumerated().map { position, indices in
      let count = Double(Swift.max(indices.count, 1))
      return Bin(
        lower: Double(position) / Double(binCount), upper: Double(position + 1) / Double(binCount),
        count: indices.count,
        confidence: indices.reduce(0) { $0 + confidences[$1] } / count,
        accuracy: Double(indices.count { isCorrect[$0] }) / count)
    }
  }

  /// Σ over bins of n_b / n · |accuracy_b − confidence_b|; nil without samples.
  public var expectedError: Double? {
    guard sampleCount > 0 else { return nil }
    return bins.reduce(0) {
      $0 + Double($1.count) / Double(sampleCount) * abs($1.accuracy - $1.confidence)
    }
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
