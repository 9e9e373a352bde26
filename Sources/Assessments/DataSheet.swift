public import Tensors

/// What the data are, and whether training and audited samples are as apart as they should be.
public struct DataSheet: Codable, Hashable, Sendable {
  /// One part of the data.
  public struct Part: Codable, Hashable, Sendable {
    public var count: Int
    /// The samples of each class.
    public var classCounts: [Int]
  }

  /// An audited sample and another one that it is (nearly) the same as.
  public struct Match: Codable, Hashable, Sendable {
    public var sample: Int
    /// The index of the other one in the data set.
    public var twin: Int
    public var hasSameLabel: Bool
    /// How far apart they are, in the unit of `nearTolerance`.
    public var distance: Double
  }

  /// Audited samples with a twin: how many, and the first of them.
  public struct Matches: Codable, Hashable, Sendable {
    public var count: Int
    public var first: [Match]
  }

  /// Audited samples with a value of a feature or channel that training did not have.
  public struct Outside: Codable, Hashable, Sendable {
    public var name: String
    public var count: Int
    /// The first of them.
    public var samples: [Int]
    /// The smallest and the largest value of training; nil for categories.
    public var range: ValueRange?
    /// Categories that training did not have.
    public var categories: [String]
  }

  /// What two samples must have in common to be called nearly the same.
  public enum NearRule: String, Codable, Hashable, Sendable {
    /// All numbers within the tolerance, in standard deviations of the feature in training; the
    /// same categories.
    case features
    /// A mean absolute difference within the tolerance, as a share of the range of values.
    case meanDifference = "mean-difference"
  }

  /// At most so many samples are listed of a finding.
  public static let listed = 20
  /// What is nearly the same in a table.
  public static let featureTolerance = 0.01
  /// What is nearly the same elsewhere: more than rounding to 256 values changes, and less than
  /// what sets any two of 10,000 handwritten digits (MNIST's test samples) apart.
  public static let differenceTolerance = 0.005

  public var classNames: [String]
  public var training: Part?
  public var audited: Part
  /// Audited samples that are equal to an earlier audited one.
  public var duplicates: Matches
  /// Audited samples that are equal to another audited one of another label.
  public var contradictions: Matches
  /// Audited samples that are equal to a training sample; nil without training samples.
  public var leaked: Matches?
  /// Audited samples that are equal to a training sample of another label.
  public var trainingContradictions: Matches?
  /// Audited samples that are nearly, but not quite, a training sample.
  public var nearlyLeaked: Matches?
  public var nearRule: NearRule
  public var nearTolerance: Double
  /// Features of a table that have one value in training (without it: in the audited samples).
  public var constantFeatures: [String]
  /// The positions of an image, sequence or array that have one value there, and all positions.
  public var constantPositions: Int
  public var positionCount: Int
  /// Features or channels with values outside those of training.
  public var outside: [Outside]

  /// Looks at the data.
  ///
  /// - Parameters:
  ///   - audited: The samples that are audited.
  ///   - training: The samples that the model learned from.
  ///   - input: What a sample is.
  ///   - classNames: The names of the classes 0, 1, ….
  ///   - nearTolerance: What is nearly the same, in the unit of the rule for these inputs; nil: the
  ///     tolerance of that rule.
  /// - Precondition: labels are classes.
  public init(
    audited: LabelledSamples, training: LabelledSamples? = nil, input: InputSpecification,
    classNames: [String], nearTolerance: Double? = nil
  ) {
    let rule: NearRule = input.layout == .table ? .features : .meanDifference
    let tolerance =
      nearTolerance ?? (rule == .features ? Self.featureTolerance : Self.differenceTolerance)
    self.classNames = classNames
    self.nearTolerance = tolerance
    self.audited = Part(audited, classNames)
    self.training = training.map { Part($0, classNames) }
    let equals = EqualRows(audited.inputs)
    duplicates = equals.matches(of: audited, in: audited) { $1 < $0 }
    contradictions = equals.matches(of: audited, in: audited) {
      audited.labels[$0] != audited.labels[$1]
    }
    nearRule = rule
    if let training {
      let equals = EqualRows(training.inputs)
      leaked = equals.matches(of: audited, in: training) { _, _ in true }
      trainingContradictions = equals.matches(of: audited, in: training) {
        audited.labels[$0] != training.labels[$1]
      }
      let near = NearRows.search(
        audited.inputs, training.inputs, input, tolerance: tolerance, excluding: equals)
      nearlyLeaked = Matches(near, audited, training)
    }
    let columns = ColumnFacts(input.audited, (training ?? audited).inputs)
    constantFeatures = columns.constantFeatures
    constantPositions = columns.constantPositions
    positionCount = input.audited.shape.count
    outside = training == nil ? [] : columns.outside(audited)
  }
}

extension DataSheet.Part {
  init(_ samples: LabelledSamples, _ classNames: [String]) {
    var counts = [Int](repeating: 0, count: classNames.count)
    for label in samples.labels { counts[label] += 1 }
    self.init(count: samples.count, classCounts: counts)
  }
}

extension DataSheet.Matches {
  /// Positions of audited samples and of their twins.
  init(
    _ pairs: [(sample: Int, twin: Int, distance: Double)], _ audited: LabelledSamples,
    _ others: LabelledSamples
  ) {
    count = pairs.count
    first = pairs.prefix(DataSheet.listed).map { pair in
      DataSheet.Match(
        sample: audited.samples[pair.sample], twin: others.samples[pair.twin],
        hasSameLabel: audited.labels[pair.sample] == others.labels[pair.twin],
        distance: pair.distance)
    }
  }
}
