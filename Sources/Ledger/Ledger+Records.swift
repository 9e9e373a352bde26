public import Audits
import GRDB

extension Ledger {
  public func record(of run: String) throws -> AuditRecord {
    let id = try resolve(run)
    return try read { database in
      func rows<Row: LedgerRow>(_ type: Row.Type) throws -> [Row] {
        try Row.filter(Column("run") == id).fetchAll(database)
      }
      func ordered<Row: LedgerRow>(_ type: Row.Type) throws -> [Row] {
        // A sealed file of an older version lacks tables.
        guard try database.tableExists(Row.databaseTableName) else { return [] }
        return try Row.filter(Column("run") == id).order(Column("position")).fetchAll(database)
      }
      guard let run = try RunRow.fetchOne(database, key: id),
        let model = try ModelRow.fetchOne(database, key: run.model),
        let data = try DataRow.fetchOne(database, key: id)
      else { throw LedgerError(path: path, .corrupt("run \(id)")) }
      var record = AuditRecord(
        run: try run.description(
          try ordered(EnvironmentRow.self), shard: try ShardRow.fetchOne(database, key: id),
          path: path),
        model: model.description(in: run), data: data.description)
      record.attacks = try ordered(AttackRow.self).map { try $0.description(path: path) }
      record.predictions = try rows(PredictionRow.self).map(\.finding)
      record.findings = try rows(FindingRow.self).map { try $0.finding(path: path) }
      record.explanations = try rows(ExplanationRow.self).map(\.finding)
      record.measures = try ordered(MeasureRow.self).map { try $0.measure(path: path) }
      record.warnings = try ordered(WarningRow.self).map(\.warning)
      record.gates = try ordered(GateRow.self).map { try $0.gate(path: path) }
      record.artefacts = try ordered(ArtefactRow.self).map {
        Artefact(name: $0.name, mediaType: $0.mediaType, sha256: $0.sha256)
      }
      if try database.tableExists(AssessmentRow.table.name) {
        record.assessments = try rows(AssessmentRow.self).assessments(path: path)
      }
      record.statements = try ordered(StatementRow.self).map { try $0.statement(path: path) }
      record.events = try ordered(EventRow.self).map { try $0.event(path: path) }
      record.signOffs = try ordered(SignOffRow.self).map { try $0.signOff(path: path) }
      return record.sorted()
    }
  }

  /// What a list of runs shows of one.
  public struct RunSummary: Codable, Hashable, Sendable {
    public let id: String
    public let started: String
    public let title: String
    public let model: String
    public let data: String
    public let suite: String
    public let samples: Int
    /// Whether the run, or the shard that it is, is complete.
    public let isComplete: Bool
    /// "3/8" for a shard of a run; nil for a whole.
    public let shard: String?
    public let passed: Int
    public let failed: Int
  }

  /// All runs, oldest first.
  public func runs() throws -> [RunSummary] {
    try read { database in
      try SummaryRow.fetchAll(database, sql: "SELECT * FROM run_summary").map(\.summary)
    }
  }

  /// The id of the one run that an id, the beginning of one, or "latest" stands for.
  ///
  /// - Throws: `LedgerError` if there is none, or more than one.
  public func resolve(_ run: String) throws -> String {
    if try read({ try RunRow.exists($0, key: run) }) { return run }
    let known = try runs().map(\.id)
    if run == "latest", let latest = known.last { return latest }
    let matches = run.isEmpty ? [] : known.filter { $0.hasPrefix(run) }
    guard let match = matches.first else {
      throw LedgerError(path: path, .unknownRun(run, known: known))
    }
    guard matches.count == 1 else {
      throw LedgerError(path: path, .ambiguousRun(run, matches: matches))
    }
    return match
  }
}

private struct SummaryRow: Decodable, FetchableRecord {
  static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy {
    .convertFromSnakeCase
  }

  let summary: Ledger.RunSummary

  init(from decoder: any Decoder) throws { summary = try Ledger.RunSummary(from: decoder) }
}
