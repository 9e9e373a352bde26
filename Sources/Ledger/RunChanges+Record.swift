import Assessments
import Audits
import GRDB

extension RunChanges {
  /// The rows that a run begins with.
  func insert(_ run: RunDescription, model: ModelDescription, data: DataDescription) throws {
    let isKnown = try ModelRow.exists(database, key: model.sha256)
    if !isKnown { try insert(ModelRow(model)) }
    try insert(RunRow(run, model: model))
    if isKnown { try adopt(ModelRow.table) }
    if let shard = run.shard { try insert(ShardRow(shard, run: run.id)) }
    try insert(DataRow(data, run: run.id))
    for (position, entry) in run.environment.enumerated() {
      try insert(
        EnvironmentRow(run: run.id, position: position, name: entry.name, value: entry.value))
    }
  }

  /// The rows of a whole record.
  func insert(_ record: AuditRecord) throws {
    try insert(record.run, model: record.model, data: record.data)
    for (position, attack) in record.attacks.enumerated() {
      try insert(AttackRow(attack, run: run, position: position))
    }
    for finding in record.predictions { try insert(PredictionRow(finding, run: run)) }
    for finding in record.findings { try insert(FindingRow(finding, run: run)) }
    for finding in record.explanations { try insert(ExplanationRow(finding, run: run)) }
    try replaceResults(
      measures: record.measures, warnings: record.warnings, gates: record.gates)
    for (position, artefact) in record.artefacts.enumerated() {
      try insert(ArtefactRow(artefact, run: run, position: position))
    }
    try replaceAssessments(record.assessments)
    try replaceStatements(record.statements)
    for event in record.events { try note(event) }
    for signOff in record.signOffs { try add(signOff) }
  }

  /// The rows of what is computed from findings, in place of what was there.
  func replaceResults(
    measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws {
    try replaceAll(
      with: measures.enumerated().map { MeasureRow($1, run: run, position: $0) })
    try replaceAll(
      with: warnings.enumerated().map { WarningRow($1, run: run, position: $0) })
    try replaceAll(with: gates.enumerated().map { GateRow($1, run: run, position: $0) })
  }

  func replaceAssessments(_ assessments: Assessments) throws {
    try replaceAll(with: [AssessmentRow](assessments, run: run))
  }

  func replaceStatements(_ statements: [HumanStatement]) throws {
    try replaceAll(
      with: statements.enumerated().map { StatementRow($1, run: run, position: $0) })
  }

  /// Adds to what happened to the run.
  func note(_ event: RunEvent) throws {
    try insert(EventRow(event, run: run, position: try count(of: EventRow.self)))
  }

  func add(_ signOff: SignOff) throws {
    try insert(SignOffRow(signOff, run: run, position: try count(of: SignOffRow.self)))
  }

  /// Whether the run, or the shard that it is, is complete.
  var isComplete: Bool {
    get throws {
      if let shard = try ShardRow.fetchOne(database, key: run) { return shard.isComplete }
      return try RunRow.fetchOne(database, key: run)?.isComplete ?? false
    }
  }

  /// Marks the run as complete; a shard is a part, and its run is never complete as such.
  func complete() throws {
    if var shard = try ShardRow.fetchOne(database, key: run) {
      shard.isComplete = true
      try replace(shard)
    } else if var row = try RunRow.fetchOne(database, key: run) {
      row.isComplete = true
      try replace(row)
    }
  }

  /// How many rows the run has in a table.
  func count<Row: LedgerRow>(of type: Row.Type) throws -> Int {
    try Row.filter(Column("run") == run).fetchCount(database)
  }
}
