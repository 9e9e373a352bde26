/// What an audit measures besides attacks and the explanations of single samples.
///
/// Nil: not measured, because it was not asked for, does not suit the input, or lacks training data.
public struct Assessments: Codable, Hashable, Sendable {
  public var calibration: CalibrationAssessment?
  public var groups: GroupAssessment?
  public var corruptions: CorruptionAssessment?
  public var dataSheet: DataSheet?
  public var drift: DriftAssessment?
  public var importance: ImportanceAssessment?
  public var effects: EffectAssessment?
  public var reasonCodes: ReasonCodeAssessment?
  public var counterfactuals: CounterfactualAssessment?

  public init() {}
}
