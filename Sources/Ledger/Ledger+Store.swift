public import Audits
import GRDB

extension Ledger {
  public func begin(
    _ run: RunDescription, model: ModelDescription, data: DataDescription
  ) throws -> AuditRecord {
    try write { database in
      guard try !RunRow.exists(database, key: run.id) else { return }
      try insert(run, model: model, data: data, into: database)
    }
    return try record(of: run.id)
  }

  /// The rows that a run begins with.
  func insert(
    _ run: RunDescription, model: ModelDescription, data: DataDescription,
    into database: Database
  ) throws {
    try ModelRow(model).insertIfMissing(database)
    try RunRow(run, model: model).insert(database)
    try run.shard.map { ShardRow($0, run: run.id) }?.insert(database)
    try DataRow(data, run: run.id).insert(database)
    for (position, entry) in run.environment.enumerated() {
      try EnvironmentRow(
        run: run.id, position: position, name: entry.name, value: entry.value
      ).insert(database)
    }
  }

  /// The rows of a whole record.
  func insert(_ record: AuditRecord, into database: Database) throws {
    let run = record.run.id
    try insert(record.run, model: record.model, data: record.data, into: database)
    for (position, attack) in record.attacks.enumerated() {
      try AttackRow(attack, run: run, position: position).insert(database)
    }
    for finding in record.predictions { try PredictionRow(finding, run: run).insert(database) }
    for finding in record.findings { try FindingRow(finding, run: run).insert(database) }
    for finding in record.explanations { try ExplanationRow(finding, run: run).insert(database) }
    try insert(
      measures: record.measures, warnings: record.warnings, gates: record.gates, of: run,
      into: database)
    for (position, artefact) in record.artefacts.enumerated() {
      try ArtefactRow(artefact, run: run, position: position).insert(database)
    }
  }

  /// The rows of what is computed from findings.
  private func insert(
    measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult], of run: String,
    into database: Database
  ) throws {
    for (position, measure) in measures.enumerated() {
      try MeasureRow(measure, run: run, position: position).insert(database)
    }
    for (position, warning) in warnings.enumerated() {
      try WarningRow(warning, run: run, position: position).insert(database)
    }
    for (position, gate) in gates.enumerated() {
      try GateRow(gate, run: run, position: position).insert(database)
    }
  }

  public func append(_ predictions: [PredictionFinding], to run: String) throws {
    try write { database in
      for finding in predictions {
        try PredictionRow(finding, run: run).insertIfMissing(database)
      }
    }
  }

  public func append(_ findings: [AttackFinding], to run: String) throws {
    try write { database in
      for finding in findings {
        try FindingRow(finding, run: run).insertIfMissing(database)
      }
    }
  }

  public func append(_ explanations: [ExplanationFinding], to run: String) throws {
    try write { database in
      for finding in explanations {
        try ExplanationRow(finding, run: run).insertIfMissing(database)
      }
    }
  }

  public func store(_ attack: AttackDescription, in run: String) throws {
    try write { database in
      let stored = try AttackRow.fetchOne(database, key: ["run": run, "id": attack.id])
      let count = try AttackRow.filter(Column("run") == run).fetchCount(database)
      // An update keeps the row, so that the findings which refer to it stay.
      try AttackRow(attack, run: run, position: stored?.position ?? count).save(database)
    }
  }

  public func finish(
    _ run: String, measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws {
    try write { database in
      for table in ["measures", "warnings", "gates"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [run])
      }
      try insert(
        measures: measures, warnings: warnings, gates: gates, of: run, into: database)
      // A shard is a part of a run: it is complete, its run as such never is.
      let (table, key) =
        try ShardRow.exists(database, key: run) ? ("shards", "run") : ("runs", "id")
      try database.execute(
        sql: "UPDATE \(table) SET is_complete = 1 WHERE \(key) = ?", arguments: [run])
    }
  }

  public func store(_ artefact: Artefact, in run: String) throws {
    try write { database in
      let count = try ArtefactRow.filter(Column("run") == run).fetchCount(database)
      let stored = try ArtefactRow.fetchOne(database, key: ["run": run, "name": artefact.name])
      try ArtefactRow(artefact, run: run, position: stored?.position ?? count).save(database)
    }
  }
}

extension LedgerRow {
  /// Inserts the row unless its key is stored; unlike `INSERT OR IGNORE`, broken rules throw.
  fileprivate func insertIfMissing(_ database: Database) throws {
    if try !exists(database) { try insert(database) }
  }
}
