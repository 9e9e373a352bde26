import Attestations
import Crypto
import GRDB

/// The SHA-256 of everything that a database holds: tables by name, rows by key, values by type.
///
/// SQLite notices damage to its structure, but not to a value; the seal notices both.
enum LedgerSeal {
  static let table = """
    CREATE TABLE seal (position INTEGER PRIMARY KEY CHECK (position = 0), sha256 TEXT NOT NULL) STRICT;
    """

  /// Stores the seal; nothing may be written afterwards.
  static func apply(to database: Database) throws {
    let sum = try sum(of: database)
    try database.execute(sql: table)
    try database.execute(sql: "INSERT INTO seal VALUES (0, ?)", arguments: [sum])
  }

  /// Whether the seal is there and agrees.
  static func isIntact(_ database: Database) throws -> Bool {
    guard try database.tableExists("seal"),
      let stored = try String.fetchOne(database, sql: "SELECT sha256 FROM seal")
    else { return false }
    let check = try String.fetchOne(database, sql: "PRAGMA integrity_check")
    return try check == "ok" && sum(of: database) == stored
  }

  private static func sum(of database: Database) throws -> String {
    var hash = SHA256()
    var form = CanonicalForm()
    let objects = try Row.fetchAll(
      database,
      sql: """
        SELECT name, type, sql FROM sqlite_master
        WHERE sql IS NOT NULL AND name <> 'seal' ORDER BY type, name
        """)
    for object in objects {
      let (name, type, sql): (String, String, String) = (object[0], object[1], object[2])
      form.clear()
      form.add(sql)
      hash.update(data: form.bytes)
      guard type == "table" else { continue }
      let key = try database.primaryKey(name).columns.map { "\"\($0)\"" }
      let order = key.isEmpty ? "rowid" : key.joined(separator: ", ")
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \"\(name)\" ORDER BY \(order)")
      while let row = try rows.next() {
        form.clear()
        for value in row.databaseValues { form.add(value) }
        hash.update(data: form.bytes)
      }
    }
    return hash.finalize().hexadecimal
  }
}
