import Attestations
import GRDB

/// A table whose rows belong to runs: every change of a row is an entry of its run's chain.
struct ChainedTable: Hashable, Sendable {
  let name: String
  /// The columns that tell the rows of one run apart, in order.
  let key: [String]
  /// Which rows are a run's; the only argument is its id.
  let condition: String

  init(_ name: String, key: [String], condition: String = "run = ?") {
    self.name = name
    self.key = key
    self.condition = condition
  }

  /// Every table that a chain speaks for, in the order in which a check reads them.
  static let all: [ChainedTable] = [
    RunRow.table, ModelRow.table, ShardRow.table, DataRow.table, EnvironmentRow.table,
    AttackRow.table, PredictionRow.table, FindingRow.table, ExplanationRow.table,
    MeasureRow.table, WarningRow.table, GateRow.table, AssessmentRow.table, ArtefactRow.table,
    BankRow.table, StatementRow.table, EventRow.table, SignOffRow.table, ManifestRow.table,
  ]

  /// Calls the body with every row of a run, in the order of their keys.
  func eachRow(
    of run: String, in database: Database, _ body: (ChainedRow) throws -> Void
  ) throws {
    let order = key.isEmpty ? "rowid" : columns
    try eachRow(in: database, "\(condition) ORDER BY \(order)", run, body)
  }

  /// The row of a run with a key; nil where there is none.
  func row(with key: String, of run: String, in database: Database) throws -> ChainedRow? {
    var found: ChainedRow?
    try eachRow(in: database, condition(for: key), run) { found = $0 }
    return found
  }

  /// Deletes the row of a run with a key.
  func deleteRow(with key: String, of run: String, in database: Database) throws {
    try database.execute(
      sql: "DELETE FROM \"\(name)\" WHERE \(condition(for: key))", arguments: [run])
  }

  /// A key is SQL itself.
  private func condition(for key: String) -> String {
    self.key.isEmpty ? condition : "\(condition) AND (\(columns)) = (\(key))"
  }

  private var columns: String { key.map { "\"\($0)\"" }.joined(separator: ", ") }

  private func eachRow(
    in database: Database, _ condition: String, _ run: String,
    _ body: (ChainedRow) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      database, sql: "SELECT * FROM \"\(name)\" WHERE \(condition)", arguments: [run])
    var form: RowForm?
    while let row = try rows.next() {
      var columns = form ?? RowForm(self, columns: Array(row.columnNames))
      try body(columns.row(Array(row.databaseValues)))
      form = columns
    }
  }
}

/// What a chain says of a row.
struct ChainedRow: Hashable, Sendable {
  /// The values of the key's columns as SQL literals: "'pgd/linf', 0.1, 2".
  let key: String
  /// The SHA-256 of the columns that hold something, by name, with their values.
  ///
  /// Columns without a value are left out, so that a later version may add some.
  let content: [UInt8]
}

/// How a table's rows are summed: made once for all rows with the same columns.
struct RowForm {
  /// The positions of the columns in alphabetical order.
  private let order: [Int]
  private let columns: [String]
  private let key: [Int]
  private var form = CanonicalForm()

  /// - Precondition: the key's columns are among the columns.
  init(_ table: ChainedTable, columns: [String]) {
    self.columns = columns
    order = columns.indices.sorted { columns[$0] < columns[$1] }
    key = table.key.map { name in
      guard let position = columns.firstIndex(of: name) else {
        preconditionFailure("expected a column '\(name)' in \(table.name), got \(columns)")
      }
      return position
    }
  }

  /// - Precondition: there is a value a column.
  mutating func row(_ values: [DatabaseValue]) -> ChainedRow {
    precondition(
      values.count == columns.count, "expected \(columns.count) values, got \(values.count)")
    form.clear()
    for position in order where !values[position].isAbsent {
      form.add(columns[position])
      form.add(values[position])
    }
    return ChainedRow(
      key: key.map { values[$0].literal }.joined(separator: ", "), content: form.sha256)
  }
}

extension DatabaseValue {
  /// Whether SQLite stores nothing for it.
  fileprivate var isAbsent: Bool {
    if case .double(let number) = storage { return number.isNaN }
    return isNull
  }

  /// The value as SQL writes it.
  fileprivate var literal: String {
    switch storage {
    case .null: "NULL"
    case .int64(let number): String(number)
    case .double(let number): String(number == 0 ? 0 : number)
    case .string(let text): "'\(text.replacing("'", with: "''"))'"
    case .blob(let data): "x'\(data.hexadecimal)'"
    }
  }
}
