public import Statistics

/// Whether the probabilities that a model states can be believed.
///
/// Confidence is the largest probability of a sample, and a sample is right if its class is the
/// label. All intervals of errors are percentile bootstraps over samples, with the bins of the
/// samples as they are.
public struct CalibrationAssessment: Codable, Hashable, Sendable {
  /// Samples whose confidences lie together.
  public struct Bin: Codable, Hashable, Sendable {
    public var lower: Double
    public var upper: Double
    public var count: Int
    /// The mean confidence; nil for an empty bin.
    public var confidence: Double?
    /// The fraction that is right, with its exact interval.
    public var accuracy: IntervalEstimate
  }

  /// What a perfectly calibrated model would show with these confidences, for each error.
  public struct References: Codable, Hashable, Sendable {
    public var expectedError: CalibratedReference
    public var equalMassError: CalibratedReference
    public var maximumError: CalibratedReference
  }

  public var sampleCount: Int
  /// Samples that were left out, because a probability was not a number.
  public var leftOutCount: Int
  public var classCount: Int
  /// Ten bins of equal width.
  public var bins: [Bin]
  /// Ten bins of about as many samples each.
  public var equalMassBins: [Bin]
  /// Σ n_b / n |accuracy − confidence| over the bins of equal width (ECE).
  public var expectedError: IntervalEstimate
  /// The same over the bins of equal mass.
  public var equalMassError: IntervalEstimate
  /// The largest |accuracy − confidence| of the bins of equal width (MCE).
  public var maximumError: IntervalEstimate
  /// The mean of Σ_k (p_k − [k = y])², from 0 to 2.
  public var brierScore: IntervalEstimate
  /// The mean of −ln of the true class's probability.
  public var logLoss: IntervalEstimate
  /// Probabilities below this counted as this in the log loss.
  public var logLossFloor: Double
  /// The parts of the Brier score; nil without samples.
  public var decomposition: BrierDecomposition?
  /// Nil without samples.
  public var references: References?

  /// Assesses the class probabilities of samples.
  ///
  /// - Parameters:
  ///   - probabilities: A row a sample, a column a class.
  ///   - labels: The true class of each sample.
  ///   - bootstrap: Of the intervals; as many outcomes are drawn for the references.
  /// - Precondition: there is a label for each row, and each row has as many columns.
  package init(probabilities: [[Float]], labels: [Int], bootstrap: Bootstrap) {
    precondition(
      probabilities.count == labels.count,
      "expected a label for each sample, got \(labels.count) for \(probabilities.count)")
    let samples = ScoredSamples(probabilities, labels)
    let scores = samples.scores(bootstrap)
    sampleCount = samples.labels.count
    leftOutCount = labels.count - sampleCount
    classCount = probabilities.first?.count ?? 0
    bins = samples.bins(samples.equalWidth, bootstrap.confidence)
    equalMassBins = samples.bins(samples.equalMass, bootstrap.confidence)
    (expectedError, equalMassError, maximumError) = samples.errors(bootstrap)
    (brierScore, logLoss) = (scores.brier, scores.logLoss)
    logLossFloor = LogLoss.floor
    decomposition = BrierDecomposition(
      probabilities: samples.probabilities, labels: samples.labels)
    references = samples.references(bootstrap)
  }
}
