public import Models
import Statistics
public import Tensors

/// Whether the audited samples are distributed like the ones that the model learned from.
///
/// A table is compared feature by feature; of images, sequences and arrays the summaries of each
/// sample. P-values of the inputs are corrected for their number by Holm's method. With many samples
/// even differences without any consequence are certain; the stability index says how large they
/// are.
public struct DriftAssessment: Codable, Hashable, Sendable {
  /// What is compared.
  public enum Quantity: String, Codable, Hashable, Sendable, CaseIterable {
    /// The values of a feature of a table.
    case feature
    /// The mean of a sample's values, or of a channel's.
    case mean
    /// The standard deviation of a sample's values, or of a channel's.
    case deviation
    /// The mean absolute difference between neighbouring pixels.
    case edgeEnergy = "edge-energy"
    /// Where the centre of mass is, as a share of the height.
    case centreRow = "centre-row"
    /// Where the centre of mass is, as a share of the width.
    case centreColumn = "centre-column"
    case label
    /// A probability that the model gives.
    case score
  }

  public enum Test: String, Codable, Hashable, Sendable, CaseIterable {
    case kolmogorovSmirnov = "kolmogorov-smirnov"
    case chiSquare = "chi-square"
  }

  /// The shares of both samples in one interval, or of one category.
  public struct Bin: Codable, Hashable, Sendable {
    /// The largest value that belongs to it; nil for the last interval and for categories.
    public var upper: Double?
    /// The category; nil for intervals.
    public var category: String?
    public var trainingShare: Double
    public var auditedShare: Double
  }

  /// One quantity in both samples.
  public struct Comparison: Codable, Hashable, Sendable {
    public var quantity: Quantity
    /// The feature, channel or class that it is of; nil where it is of the whole sample.
    public var name: String?
    public var test: Test
    /// D of Kolmogorov and Smirnov, or X² of Pearson.
    public var statistic: Double
    /// nil for Kolmogorov and Smirnov.
    public var degreesOfFreedom: Int?
    public var probability: Double
    /// The p-value corrected for the number of inputs; nil for labels and scores.
    public var adjustedProbability: Double?
    /// Whether the p-value is exact rather than that of a limit distribution.
    public var isExact: Bool
    /// The smallest expected count of the χ² test; below 5 its p-value is rough.
    public var leastExpected: Double?
    /// The population stability index.
    public var stability: Double
    /// What the index is on average without any drift, with as many samples.
    public var stabilityByChance: Double
    public var bins: [Bin]
    public var trainingCount: Int
    public var auditedCount: Int
  }

  /// Below this, by convention, a distribution is called stable.
  public static let stableBelow = 0.1
  /// From this on, by convention, it is called shifted.
  public static let shiftedFrom = 0.25

  public var inputs: [Comparison]
  public var labels: Comparison?
  /// nil where the model was not asked about both samples.
  public var scores: Comparison?
  public var trainingCount: Int
  public var auditedCount: Int

  /// Inputs, labels and scores whose index is `shiftedFrom` or more.
  public var shifted: [Comparison] {
    (inputs + [labels, scores].compactMap(\.self)).filter { $0.stability >= Self.shiftedFrom }
  }

  /// Compares both samples, and what the model answers to them.
  ///
  /// - Parameters:
  ///   - classifier: The model, which is asked about all samples of both.
  ///   - audited: What is audited.
  ///   - training: What the model learned from.
  ///   - favourableClass: The class whose probability is the score; nil: the largest probability.
  ///   - threads: How many threads work at once; the result does not depend on it.
  /// - Precondition: neither sample is empty.
  /// - Throws: what the model throws.
  public init(
    of classifier: any Classifier, audited: LabelledSamples, training: LabelledSamples,
    favourableClass: Int? = nil, threads: Int = 1
  ) throws {
    let input = classifier.input
    func logits(_ samples: LabelledSamples) throws -> Tensor {
      let encoded = input.encoded(samples.inputs.converted(to: .float32))
      return try classifier.verifiedLogits(encoded, threads: threads)
    }
    try self.init(
      training: training, audited: audited, input: input, classNames: classifier.classNames,
      trainingLogits: logits(training), auditedLogits: logits(audited),
      favourableClass: favourableClass)
  }

  /// Compares both samples.
  ///
  /// - Parameters:
  ///   - training: What the model learned from.
  ///   - audited: What is audited.
  ///   - input: What a sample is.
  ///   - classNames: The names of the classes 0, 1, ….
  ///   - trainingLogits: The model's answers to the training samples; nil: scores are left out.
  ///   - auditedLogits: Its answers to the audited samples.
  ///   - favourableClass: The class whose probability is the score; nil: the largest probability.
  /// - Precondition: neither sample is empty.
  public init(
    training: LabelledSamples, audited: LabelledSamples, input: InputSpecification,
    classNames: [String], trainingLogits: Tensor? = nil, auditedLogits: Tensor? = nil,
    favourableClass: Int? = nil
  ) {
    precondition(
      training.count > 0 && audited.count > 0,
      "expected samples of both, got \(training.count) and \(audited.count)")
    trainingCount = training.count
    auditedCount = audited.count
    let samples = [training, audited].map { SampleSummaries.all(of: $0.inputs, input) }
    var inputs = zip(samples[0], samples[1]).map { Self.comparison($0, $1) }
    let adjusted = HolmCorrection.adjusted(inputs.map(\.probability))
    for index in inputs.indices { inputs[index].adjustedProbability = adjusted[index] }
    self.inputs = inputs
    labels = Self.comparison(
      SampleSummaries(.label, codes: training.labels, categories: classNames),
      SampleSummaries(.label, codes: audited.labels, categories: classNames))
    scores = Self.scores(trainingLogits, auditedLogits, classNames, favourableClass)
  }

  private static func scores(
    _ training: Tensor?, _ audited: Tensor?, _ classNames: [String], _ favourable: Int?
  ) -> Comparison? {
    guard let training, let audited else { return nil }
    let samples = [training, audited].map { logits in
      SampleSummaries(
        .score, name: favourable.map { classNames[$0] },
        values: ClassAnswers.scores(logits, of: favourable))
    }
    guard samples.allSatisfy({ !$0.values.isEmpty }) else { return nil }
    return comparison(samples[0], samples[1])
  }
}
