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

  /// Everything that a run has stored.
  ///
  /// - Throws: an error if there is no such run.
  func record(of run: String) throws -> AuditRecord
}
