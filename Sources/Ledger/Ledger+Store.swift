public import Assessments
public import Audits
import GRDB

extension Ledger {
  public func begin(
    _ run: RunDescription, model: ModelDescription, data: DataDescription
  ) throws -> AuditRecord {
    try change(run.id) { changes in
      guard try RunRow.exists(changes.database, key: run.id) else {
        try changes.insert(run, model: model, data: data)
        return try changes.note(RunEvent(moment: clock(), action: .begun))
      }
      guard try !changes.isComplete else { return }
      try changes.note(RunEvent(moment: clock(), action: .resumed))
    }
    return try record(of: run.id)
  }

  public func append(_ predictions: [PredictionFinding], to run: String) throws {
    try change(run) { changes in
      for finding in predictions { try changes.insertIfMissing(PredictionRow(finding, run: run)) }
    }
  }

  public func append(_ findings: [AttackFinding], to run: String) throws {
    try change(run) { changes in
      for finding in findings { try changes.insertIfMissing(FindingRow(finding, run: run)) }
    }
  }

  public func append(_ explanations: [ExplanationFinding], to run: String) throws {
    try change(run) { changes in
      for finding in explanations { try changes.insertIfMissing(ExplanationRow(finding, run: run)) }
    }
  }

  public func store(_ attack: AttackDescription, in run: String) throws {
    try change(run) { changes in
      let stored = try AttackRow.fetchOne(changes.database, key: ["run": run, "id": attack.id])
      let position = try stored?.position ?? changes.count(of: AttackRow.self)
      try changes.replace(AttackRow(attack, run: run, position: position))
    }
  }

  public func finish(
    _ run: String, measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws {
    try change(run) { changes in
      try changes.replaceResults(measures: measures, warnings: warnings, gates: gates)
      guard try !changes.isComplete else { return }
      try changes.complete()
      try changes.note(RunEvent(moment: clock(), action: .completed))
    }
  }

  public func store(_ artefact: Artefact, in run: String) throws {
    try change(run) { changes in
      let key = ["run": run, "name": artefact.name]
      let stored = try ArtefactRow.fetchOne(changes.database, key: key)
      let position = try stored?.position ?? changes.count(of: ArtefactRow.self)
      try changes.replace(ArtefactRow(artefact, run: run, position: position))
    }
  }

  public func store(_ assessments: Assessments, in run: String) throws {
    try change(run) { try $0.replaceAssessments(assessments) }
  }

  public func store(_ statements: [HumanStatement], in run: String) throws {
    try change(run) { try $0.replaceStatements(statements) }
  }

  public func append(_ event: RunEvent, to run: String) throws {
    try change(run) { try $0.note(event) }
  }

  public func append(_ signOff: SignOff, to run: String) throws {
    try change(run) { try $0.add(signOff) }
  }
}
