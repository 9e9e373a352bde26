public import Statistics

/// How differently a model serves groups of samples and their intersections.
///
/// Every value of every attribute is a slice, and so is every combination of two attributes' values
/// that occurs. Slices with few samples are measured like all others and marked.
public struct GroupAssessment: Codable, Hashable, Sendable {
  /// What is compared between slices: a share of those samples for which it is defined.
  public struct Criterion: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable {
      case cleanAccuracy, robustAccuracy
      /// Accepted, or predicted to be of the positive class, of all samples.
      case selectionRate
      /// The same of the samples that are of the positive class.
      case truePositiveRate
      /// The same of the samples that are not.
      case falsePositiveRate
    }

    public var kind: Kind
    /// Of a robust accuracy.
    public var threat: String?
  }

  /// A share of a slice's samples.
  public struct Rate: Codable, Hashable, Sendable {
    /// With its exact interval.
    public var estimate: IntervalEstimate
    /// Whether fewer samples are behind it than `smallCount`.
    public var isSmall: Bool
    /// Fisher's exact two-sided p-value of the slice against all other samples; nil where there is
    /// nothing to compare.
    public var probability: Double?
    /// The same after Holm's correction over all tests of the assessment.
    public var adjustedProbability: Double?
    /// The smallest difference from all other samples that so many samples are enough to see, with
    /// `level` and `power`; nil if none is.
    public var detectable: Double?
  }

  /// Samples that have the same values of one attribute or two.
  public struct Slice: Codable, Hashable, Sendable {
    /// One for each attribute of the partition.
    public var values: [String]
    public var count: Int
    public var isSmall: Bool
    /// In the order of the assessment's criteria.
    public var rates: [Rate]
  }

  /// The largest rate of a partition's slices less the smallest.
  public struct Gap: Codable, Hashable, Sendable {
    public var criterion: Criterion
    /// With its bootstrap interval; the count is that of the samples behind all rates.
    public var estimate: IntervalEstimate
    /// The slices with the smallest and the largest rate, by their position in the partition.
    public var lowest: Int?
    public var highest: Int?
    /// The smallest p-value of a slice of the gap against all other samples, and which slice has it.
    public var probability: Double?
    public var adjustedProbability: Double?
    public var testedSlice: Int?
    /// The smallest difference between the lowest and the highest slice that their numbers of
    /// samples are enough to see; nil if none is.
    public var detectable: Double?
  }

  /// What fairness of decisions is judged by.
  public struct Parity: Codable, Hashable, Sendable {
    /// The smallest selection rate divided by the largest; the four-fifths rule asks for 0.8.
    public var selectionRateRatio: IntervalEstimate
    /// The larger of the gaps in true and false positive rates.
    public var equalizedOddsDifference: IntervalEstimate
  }

  /// The gaps of some of a partition's rates.
  public struct Comparison: Codable, Hashable, Sendable {
    /// In the order of the assessment's criteria.
    public var gaps: [Gap]
    /// Nil where there is no decision.
    public var parity: Parity?
  }

  /// All samples, parted by the values of one attribute or two.
  public struct Partition: Codable, Hashable, Sendable {
    public var attributes: [String]
    public var slices: [Slice]
    public var all: Comparison
    /// Without the rates that have few samples behind them; nil if none has.
    public var withoutSmall: Comparison?
  }

  /// A partition that was left out, because it has too many slices.
  public struct Unsliced: Codable, Hashable, Sendable {
    public var attributes: [String]
    public var sliceCount: Int
  }

  public var sampleCount: Int
  /// Whether the answers become decisions: rates are then those of who is accepted.
  public var isDecision: Bool
  public var positiveClass: Int?
  public var criteria: [Criterion]
  /// The shares of all samples, in the order of the criteria.
  public var overall: [IntervalEstimate]
  /// By attribute, then by pair of attributes.
  public var partitions: [Partition]
  public var unsliced: [Unsliced]
  /// How many tests were corrected for together.
  public var testCount: Int
  /// Fewer samples than this are few.
  public var smallCount: Int
  /// The probability of an error of the first kind that detectable differences allow.
  public var level: Double
  /// The probability with which a detectable difference is seen.
  public var power: Double
}
