public import Models
public import Statistics
import Tensors

/// How a model answers where inputs are disturbed as they are in use, by nobody's intention.
///
/// Each corruption is tried in five severities on every sample. Intervals are exact and hold for
/// one severity at a time; all severities of a corruption use the same random numbers.
public struct CorruptionAssessment: Codable, Hashable, Sendable {
  /// What one corruption does in one severity.
  public struct Level: Codable, Hashable, Sendable {
    /// From 1 to 5.
    public var severity: Int
    /// In the unit of the corruption.
    public var strength: Double
    public var accuracy: IntervalEstimate
    /// The share of samples whose answer is not that to the clean input.
    public var changed: IntervalEstimate
    /// The mean of the largest probability; nil where no answer is a number.
    public var meanConfidence: Double?
    /// Answers that are not numbers; they count as wrong and as changed.
    public var undefinedCount: Int
  }

  /// One corruption in all its severities.
  public struct Outcome: Codable, Hashable, Sendable {
    public var kind: CorruptionKind
    public var unit: CorruptionUnit
    public var levels: [Level]

    /// The mean over severities; nil without samples.
    public var meanAccuracy: Double? {
      let values = levels.compactMap(\.accuracy.value)
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
  }

  /// Which samples standard deviations, medians and modes were taken from.
  public enum Reference: String, Codable, Hashable, Sendable {
    case training, audited
  }

  /// That of the inputs as they are.
  public var cleanAccuracy: IntervalEstimate
  public var cleanConfidence: Double?
  public var outcomes: [Outcome]
  public var seed: UInt64
  public var reference: Reference
  /// The number of samples of the reference.
  public var referenceCount: Int

  /// The corruption of the least mean accuracy; the first of several.
  public var worst: Outcome? {
    outcomes.min { ($0.meanAccuracy ?? 1) < ($1.meanAccuracy ?? 1) }
  }

  /// Disturbs every sample in every way that suits the inputs, and asks the model.
  ///
  /// - Parameters:
  ///   - classifier: The model.
  ///   - samples: What it is asked about.
  ///   - training: Samples for standard deviations, medians and modes; the audited ones are taken
  ///     where there are none.
  ///   - names: Raw values of `CorruptionKind`; nil: all that suit the inputs.
  ///   - seed: That of all random numbers.
  ///   - threads: How many threads work at once; the result does not depend on it.
  /// - Throws: `CorruptionError` for a name that cannot be used, and what the model throws.
  public init(
    of classifier: any Classifier, on samples: LabelledSamples, training: LabelledSamples? = nil,
    names: [String]? = nil, seed: UInt64 = 0, threads: Int = 1
  ) throws {
    try self.init(
      of: classifier, on: samples, training: training, names: names, seed: seed, threads: threads,
      batch: nil)
  }

  /// The same with batches of a stated size, on which nothing depends.
  init(
    of classifier: any Classifier, on samples: LabelledSamples, training: LabelledSamples?,
    names: [String]?, seed: UInt64, threads: Int, batch: Int?
  ) throws {
    let corruptions = try CorruptionRegistry.corruptions(named: names, for: classifier.input)
    let run = CorruptionRun(
      classifier, samples: samples, reference: training ?? samples, seed: seed, threads: threads,
      batch: batch)
    let clean = try run.answers(nil)
    cleanAccuracy = run.accuracy(clean)
    cleanConfidence = clean.meanConfidence
    outcomes = try corruptions.map { corruption in
      let strengths = corruption.strengths(in: run.space)
      let levels = try strengths.enumerated().map { index, strength in
        let answers = try run.answers((corruption, strength))
        return Level(
          severity: index + 1, strength: strength, accuracy: run.accuracy(answers),
          changed: run.changed(answers, from: clean), meanConfidence: answers.meanConfidence,
          undefinedCount: answers.predictions.count { $0 == nil })
      }
      return Outcome(kind: corruption.kind, unit: corruption.unit, levels: levels)
    }
    self.seed = seed
    reference = training == nil ? .audited : .training
    referenceCount = (training ?? samples).count
  }
}
