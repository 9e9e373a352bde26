import Audits

/// What changed between two audits of models on the same samples.
///
/// Every figure is computed from the findings of the samples that both runs hold in the same form;
/// warnings and verdicts on gates are those of the whole runs.
public struct RecordComparison: Codable, Hashable, Sendable {
  /// The version of this type's JSON form; raised when a field changes its meaning.
  public static let schemaVersion = 1

  /// The earlier of the two, from which changes are counted.
  public var first: Run
  public var second: Run
  public var overlap: Overlap
  /// The classes, in the first model's order: what labels and answers stand for.
  public var classNames: [String]
  /// The probability with which each interval covers, over repeated samples.
  public var confidence: Double
  public var measures: [MeasureChange]
  /// A norm each, for the norms that both runs attacked under in the same units.
  public var breaks: [BreakChanges]
  /// The samples whose answer is another one, in sample order.
  public var flips: [Flip]
  /// The explanations that both runs hold, that which moved most first.
  public var moves: [Move]
  public var warnings: [WarningChange]
  public var gates: [GateChange]
  /// What a reader of the figures must know, a sentence each.
  public var notes: [String]

  /// One of the two audits.
  public struct Run: Codable, Hashable, Sendable {
    public var id: String
    public var title: String
    /// ISO 8601, UTC.
    public var started: String
    public var model: String
    /// Of the model file.
    public var sha256: String
    public var data: String
    /// Which samples of the data, in words.
    public var selection: String
    public var suite: String
    public var sampleCount: Int
    public var isComplete: Bool

    init(_ record: AuditRecord) {
      id = record.run.id
      title = record.run.title
      started = record.run.started
      model = record.model.name
      sha256 = record.model.sha256
      data = record.data.name
      selection = record.data.selection
      suite = record.run.suiteName
      sampleCount = record.predictions.count
      isComplete = record.run.isComplete
    }
  }

  /// How far the samples of the two runs are the same.
  public struct Overlap: Codable, Hashable, Sendable {
    /// Samples with the same id, input and label: those that are compared.
    public var count: Int
    /// Samples with the same id whose inputs differ.
    public var otherInput: Int
    /// Samples with the same id and input whose labels differ.
    public var otherLabel: Int
    /// Samples that one of the runs lacks.
    public var onlyFirst: Int
    public var onlySecond: Int
  }
}
