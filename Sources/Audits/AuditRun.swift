public import Models
import Statistics
import Tensors

/// One audit: predictions, attacks, explanations and what follows from them.
///
/// Every finding is stored as it is made, and derives from its sample and the seed alone: a run that
/// was killed and started again ends with the record of an uninterrupted one.
public struct AuditRun: Sendable {
  /// The parts of an audit.
  public enum Phase: String, Sendable {
    case predictions, attacks, explanations, assessments, measures
  }

  /// Receives the phase, how much of it is done from 0 to 1, and a detail: one call at a time, but
  /// not always on the thread that started the run.
  public typealias Report = (Phase, Double, String) -> Void

  let description: RunDescription
  let plan: AuditPlan
  /// What was planned and cannot run, for want of a gradient.
  let missing: MissingGradient?
  let classifier: any ModelClassifier
  let subject: AuditSubject
  let store: any AuditStore

  /// An audit of what the classifier gives access to: of a model without gradient, the part of the
  /// plan that needs none, with a warning that names the rest.
  ///
  /// The description is that of the whole audit, also where the plan says to run one shard of it.
  ///
  /// - Throws: `AuditError` if the samples are not what the model takes, the plan is ambiguous, or
  ///   nothing of it can run without a gradient.
  public init(
    _ description: RunDescription, plan: AuditPlan, classifier: any ModelClassifier,
    subject: AuditSubject, store: any AuditStore
  ) throws {
    try subject.check(against: classifier.model)
    try plan.check()
    self.description = plan.shard.map(description.part) ?? description
    (self.plan, missing) = try plan.restricted(to: classifier.access)
    self.classifier = classifier
    self.subject = subject
    self.store = store
  }

  var model: Model { classifier.model }

  /// Runs what is left of the audit and returns its record.
  ///
  /// - Parameters:
  ///   - model: The model's description.
  ///   - data: The data's description.
  ///   - judge: The verdicts on a record with all else in it; those of the plan's gates by default.
  ///   - report: Receives progress.
  /// - Returns: The record.
  /// - Throws: what the store, the backend or the judge throws; everything stored before stays.
  public func execute(
    model: ModelDescription, data: DataDescription,
    judge: ((AuditRecord) throws -> [GateResult])? = nil, report: @escaping Report
  ) throws -> AuditRecord {
    let known = try store.begin(description, model: model, data: data)
    guard !known.run.isDone else { return known }
    report(.predictions, 0, "")
    let predictions = try predict(known: known)
    let answers = try ModelAnswers(of: classifier, to: subject, predictions)
    try tryExplanations(predictions)
    report(.predictions, 1, "")
    try attack(predictions, known: known) { report(.attacks, $0, $1) }
    if plan.shard != nil { return try finishShard() }
    var record = try store.record(of: description.id)
    record.explanations = try explain(record) { report(.explanations, $0, $1) }
    record.assessments = try assess(record) { report(.assessments, $0, $1) }
    report(.measures, 0, "")
    record.measures = MeasureCalculator(record, bootstrap: Bootstrap(seed: description.seed))
      .measures()
    record.warnings = SoundnessChecks(record, answers: answers, missing: missing).warnings()
    let gates =
      try judge?(record)
      ?? plan.gates.map { $0.judge(record.measures, warnings: record.warnings) }
    try store.finish(
      description.id, measures: record.measures, warnings: record.warnings, gates: gates)
    report(.measures, 1, "")
    return try store.record(of: description.id)
  }
}
