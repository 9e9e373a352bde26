import Audits
import Foundation
import GRDB

/// The changes of one transaction to the rows of one run: the only way in which they are written.
///
/// Each is an entry of the run's chain. The chain's end is stored by `Ledger.change`, in the same
/// transaction.
final class RunChanges {
  let run: String
  let database: Database
  private let before: ChainHead
  private var head: ChainHead
  private let entries: Statement
  private var writers: [ChainedTable: RowWriter] = [:]

  init(to run: String, in database: Database) throws {
    self.run = run
    self.database = database
    before = try ChainHead(of: run, in: database) ?? ChainHead(of: run)
    head = before
    entries = try database.cachedStatement(
      sql: """
        INSERT INTO chain (run, position, action, "table", key, content, hash)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
  }

  /// Stores where the chain ends.
  func end() throws {
    guard head.count > before.count else { return }
    try head.store(for: run, in: database)
  }

  /// Stores a row; one with its key must not be there.
  func insert<Row: LedgerRow>(_ row: Row) throws {
    let inserted = try writer(for: row).insert()
    try append(.inserted, Row.table, inserted)
  }

  /// Stores a row unless one with its key is there; unlike `INSERT OR IGNORE`, broken rules throw.
  func insertIfMissing<Row: LedgerRow>(_ row: Row) throws {
    guard let inserted = try writer(for: row).insertIfMissing() else { return }
    try append(.inserted, Row.table, inserted)
  }

  /// Stores a row in place of the one with its key; what is stored already stays as it is.
  ///
  /// An update keeps the row, so that those which refer to it stay.
  func replace<Row: LedgerRow>(_ row: Row) throws {
    let summed = try writer(for: row).summed()
    guard let stored = try Row.table.row(with: summed.key, of: run, in: database) else {
      return try insert(row)
    }
    guard stored != summed else { return }
    try row.update(database)
    try append(.replaced, Row.table, summed)
  }

  /// Leaves the run exactly these rows of a table; what is stored already stays as it is.
  func replaceAll<Row: LedgerRow>(with rows: [Row]) throws {
    let keys = Set(try rows.map { try writer(for: $0).summed().key })
    var removed: [ChainedRow] = []
    try Row.table.eachRow(of: run, in: database) { row in
      if !keys.contains(row.key) { removed.append(row) }
    }
    for row in removed {
      try Row.table.deleteRow(with: row.key, of: run, in: database)
      try append(.deleted, Row.table, row)
    }
    for row in rows { try replace(row) }
  }

  /// Makes rows that are stored already part of the chain.
  func adopt(_ table: ChainedTable) throws {
    try table.eachRow(of: run, in: database) { try self.append(.adopted, table, $0) }
  }

  private func append(
    _ action: ChainEntry.Action, _ table: ChainedTable, _ row: ChainedRow
  ) throws {
    let entry = ChainEntry(position: head.count, action: action, table: table.name, row: row)
    head = ChainHead(after: head, entry)
    try entries.execute(arguments: [
      run, entry.position, action.rawValue, table.name, row.key, Data(row.content),
      Data(head.hash),
    ])
  }

  private func writer<Row: LedgerRow>(for row: Row) throws -> RowWriter {
    let values = try row.databaseDictionary
    if let writer = writers[Row.table] {
      writer.values = values
      return writer
    }
    let writer = try RowWriter(Row.table, values: values, in: database)
    writers[Row.table] = writer
    return writer
  }
}

/// Inserts rows of one table, one after another.
private final class RowWriter {
  var values: [String: DatabaseValue]
  private let columns: [String]
  private let insertion: Statement
  private let addition: Statement
  private let database: Database
  private var form: RowForm

  init(_ table: ChainedTable, values: [String: DatabaseValue], in database: Database) throws {
    self.values = values
    self.database = database
    columns = values.keys.sorted()
    form = RowForm(table, columns: columns)
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let sql = "INSERT INTO \"\(table.name)\" (\(names)) VALUES (\(marks))"
    insertion = try database.cachedStatement(sql: sql)
    let key = try database.primaryKey(table.name).columns.map { "\"\($0)\"" }
    addition = try database.cachedStatement(
      sql: "\(sql) ON CONFLICT (\(key.joined(separator: ", "))) DO NOTHING")
  }

  private var ordered: [DatabaseValue] { columns.map { values[$0] ?? .null } }

  /// The row as the chain states it.
  func summed() -> ChainedRow { form.row(ordered) }

  func insert() throws -> ChainedRow {
    let ordered = ordered
    insertion.setUncheckedArguments(StatementArguments(ordered))
    try insertion.execute()
    return form.row(ordered)
  }

  /// The row as the chain states it; nil where one with its key is there.
  func insertIfMissing() throws -> ChainedRow? {
    let ordered = ordered
    addition.setUncheckedArguments(StatementArguments(ordered))
    try addition.execute()
    return database.changesCount == 0 ? nil : form.row(ordered)
  }
}

extension ChainHead {
  /// The end of a chain after one more entry.
  fileprivate init(after head: ChainHead, _ entry: ChainEntry) {
    self = head
    count += 1
    hash = entry.hash(after: head.hash)
  }
}
