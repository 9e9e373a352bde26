public import Assessments

/// Where an audit writes what it finds, as it finds it.
///
/// Appending is idempotent: a finding that is stored already is not stored twice, so that a run
/// which was killed between two findings resumes without a gap or a double.
public protocol AuditStore: Sendable {
  /// Starts a run, or returns what a run with the same id has stored so far.
  func begin(
    _ run: RunDescription, model: ModelDescription, data: DataDescription
  ) throws -> AuditRecord

  func append(_ predictions: [PredictionFinding], to run: String) throws
  func append(_ findings: [AttackFinding], to run: String) throws
  func append(_ explanations: [ExplanationFinding], to run: String) throws

  /// Stores an attack's description and counts; a later call for the same attack replaces it.
  func store(_ attack: AttackDescription, in run: String) throws

  /// Stores what was computed from the findings and marks the run, or the shard that it is, as
  /// complete.
  func finish(
    _ run: String, measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws

  func store(_ artefact: Artefact, in run: String) throws

  /// Stores what was assessed besides attacks and single explanations, in place of what was there.
  func store(_ assessments: Assessments, in run: String) throws

  /// Stores what people wrote about the model, in place of what was there.
  func store(_ statements: [HumanStatement], in run: String) throws

  /// Adds to what happened to a run.
  ///
  /// A store that outlives the process notes by itself when a run began, was resumed and was
  /// completed; one in memory has only the events that it was given.
  func append(_ event: RunEvent, to run: String) throws

  /// Adds what a person signed; what was signed before stays.
  func append(_ signOff: SignOff, to run: String) throws

  /// Everything that a run has stored.
  ///
  /// - Throws: an error if there is no such run.
  func record(of run: String) throws -> AuditRecord
}
