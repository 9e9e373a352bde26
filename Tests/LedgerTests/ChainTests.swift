import Audits
import Foundation
import GRDB
import Ledger
import Testing

@Suite("The chain of a run")
struct ChainTests {
  private let filled = FilledLedger()

  /// Every table with rows of runs, and what tells the rows of a run apart.
  private static let tables: [(name: String, key: [String])] = [
    ("models", ["sha256"]), ("runs", []), ("shards", []), ("data_sets", []),
    ("environment", ["position"]), ("attacks", ["id"]), ("predictions", ["sample"]),
    ("findings", ["attack", "epsilon", "sample"]), ("explanations", ["sample", "method"]),
    ("measures", ["position"]), ("warnings", ["position"]), ("gates", ["position"]),
    ("assessments", ["kind"]), ("artefacts", ["name"]), ("bank", ["position"]),
    ("statements", ["position"]), ("events", ["position"]), ("sign_offs", ["position"]),
    ("manifests", ["root"]),
  ]

  private func fault(_ run: String) throws -> ChainFault? {
    try filled.ledger().checkChain(of: run).fault
  }

  /// Takes the triggers away that keep what is only ever added to.
  private func disarm() throws {
    for row in try filled.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
      let name: String = row[0]
      try filled.change("DROP TRIGGER \(name)")
    }
  }

  @Test("an untouched ledger agrees, row by row, and so does every run in it")
  func intact() throws {
    defer { filled.folder.remove() }
    let run = try filled.fill()
    let check = try filled.ledger().checkChain(of: run)
    #expect(check.fault == nil)
    let total = try filled.rows("SELECT count(*) FROM chain WHERE run = '\(run)'")[0][0] as Int
    #expect(check.entryCount == total && check.rowCount > 20 && check.rowCount < total)
    #expect(try fault(SampleRun.id) == nil)
    let present = try filled.rows("SELECT DISTINCT \"table\" FROM chain WHERE run = '\(run)'")
    #expect(Set(present.map { $0[0] as String }) == Set(Self.tables.map(\.name)))
  }

  @Test("every table of the schema is in the chain, but for the chain itself")
  func completeness() throws {
    defer { filled.folder.remove() }
    _ = try filled.fill()
    let names = try filled.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    #expect(
      Set(names.map { $0[0] as String })
        == Set(Self.tables.map(\.name)).union(["chain", "chain_heads"]))
  }

  @Test(
    "a change of any value of any row is found, and its table and key named",
    arguments: tables.map(\.name))
  func everyValue(table: String) throws {
    defer { filled.folder.remove() }
    let run = try filled.fill()
    try disarm()
    let key = try #require(Self.tables.first { $0.name == table }).key
    let place = table == "environment" ? "position" : "rowid"
    let owner = table == "models" ? "TRUE" : table == "runs" ? "id = '\(run)'" : "run = '\(run)'"
    let sql = "SELECT \(place) AS place, * FROM \"\(table)\" WHERE \(owner)"
    let (ledger, file) = (try filled.ledger(), try filled.unruled())
    var found = 0
    for row in try file.read({ try Row.fetchAll($0, sql: sql) }) {
      let words = key.map { text(row[$0]) }.joined(separator: ", ")
      for (column, value) in row where !["place", "run", "id"].contains(column) || key == [column] {
        guard let other = changed(value) else { continue }
        let change = "UPDATE \"\(table)\" SET \"\(column)\" = ? WHERE \(place) = ? AND \(owner)"
        let number: Int = row["place"]
        try file.write { try $0.execute(sql: change, arguments: [other, number]) }
        let fault = try #require(try ledger.checkChain(of: run).fault, "\(table).\(column)")
        if key.contains(column) {
          #expect("\(fault)".contains("in table '\(table)'"), "\(fault)")
        } else {
          #expect(fault == .changedRow(table: table, key: words), "\(table).\(column)")
        }
        let back = column == "position" && place == "position" ? other : number.databaseValue
        try file.write { try $0.execute(sql: change, arguments: [value, back]) }
        found += 1
      }
    }
    #expect(found > 1)
    #expect(try ledger.checkChain(of: run).fault == nil)
  }

  /// The value with one digit, bit or letter changed; nil where there is none.
  private func changed(_ value: DatabaseValue) -> DatabaseValue? {
    switch value.storage {
    case .null: return nil
    case .int64(let number): return (number ^ 64).databaseValue
    case .double(let number): return number.nextUp.databaseValue
    case .string(let text): return (text + " ").databaseValue
    case .blob(var data):
      data[data.count - 1] ^= 1
      return data.databaseValue
    }
  }

  private func text(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): "'\(text)'"
    case .null, .blob: "no key"
    }
  }

  @Test("rows that were deleted, added or exchanged are found")
  func rows() throws {
    defer { filled.folder.remove() }
    let run = try filled.fill()
    try filled.change("DELETE FROM findings WHERE run = ? AND sample = 4 AND epsilon = 0.3", [run])
    #expect(try fault(run) == .missingRow(table: "findings", key: "'pgd/linf', 0.3, 4"))
    #expect(try fault(SampleRun.id) == nil)
    try filled.change(
      """
      INSERT INTO warnings SELECT run, 7, name, raised, explanation, suggestion, samples, is_veto
      FROM warnings WHERE run = ?
      """, [SampleRun.id])
    #expect(try fault(SampleRun.id) == .addedRow(table: "warnings", key: "7"))
    try filled.change("DELETE FROM warnings WHERE position = 7")
    let swap =
      "UPDATE predictions SET sample = CASE sample WHEN 2 THEN -4 ELSE -2 END WHERE run = ?"
    try filled.change(swap, [SampleRun.id])
    try filled.change("UPDATE predictions SET sample = -sample WHERE run = ?", [SampleRun.id])
    #expect(try fault(SampleRun.id) == .changedRow(table: "predictions", key: "2"))
  }

  @Test("the last row is missed even where its entry is taken away too")
  func cutEnd() throws {
    defer { filled.folder.remove() }
    let run = try filled.fill()
    try disarm()
    let count = try filled.ledger().checkChain(of: run).entryCount
    try filled.change("DELETE FROM events WHERE run = ? AND position = 2", [run])
    #expect(try fault(run) == .missingRow(table: "events", key: "2"))
    try filled.change("DELETE FROM chain WHERE run = ? AND position = ?", [run, count - 1])
    #expect(try fault(run) == .cutOff(count: count - 1, expected: count))
    try filled.change("UPDATE chain_heads SET count = ? WHERE run = ?", [count - 1, run])
    #expect(try fault(run) == .changedHead)
    try filled.change("DELETE FROM chain_heads WHERE run = ?", [run])
    #expect(try fault(run) == .noChain)
  }

  @Test("a change of any value of an entry is found, and so is a missing or a further one")
  func entries() throws {
    defer { filled.folder.remove() }
    let run = try filled.fill()
    try disarm()
    let entries = try filled.rows("SELECT * FROM chain WHERE run = '\(run)' ORDER BY position")
    let (ledger, file) = (try filled.ledger(), try filled.unruled())
    for (position, entry) in entries.enumerated() {
      for column in ["action", "table", "key", "content", "hash"] {
        let value: DatabaseValue = entry[column]
        let other = try #require(changed(value))
        let sql = "UPDATE chain SET \"\(column)\" = ? WHERE run = ? AND position = ?"
        let now = try file.write { database in
          try database.execute(sql: sql, arguments: [other, run, position])
          return try Row.fetchOne(
            database, sql: "SELECT \"table\", key FROM chain WHERE run = ? AND position = ?",
            arguments: [run, position])
        }
        #expect(
          try ledger.checkChain(of: run).fault
            == .changedEntry(
              position: position, table: try #require(now)["table"], key: try #require(now)["key"]),
          "\(column)")
        try file.write { try $0.execute(sql: sql, arguments: [value, run, position]) }
      }
    }
    #expect(try fault(run) == nil)
    try filled.change(
      "INSERT INTO chain SELECT run, ?, action, \"table\", key, content, hash FROM chain "
        + "WHERE run = ? AND position = 0", [entries.count, run])
    #expect(
      try fault(run)
        == .changedEntry(
          position: entries.count, table: entries[0]["table"], key: entries[0]["key"]))
    try filled.change("DELETE FROM chain WHERE run = ? AND position = 3", [run])
    #expect(try fault(run) == .missingEntry(position: 3))
  }

  @Test("the schema itself refuses to change or delete entries, events and signatures")
  func triggers() throws {
    defer { filled.folder.remove() }
    _ = try filled.fill()
    for table in ["chain", "events", "sign_offs"] {
      for sql in ["UPDATE \(table) SET run = run", "DELETE FROM \(table)"] {
        #expect(throws: DatabaseError.self) { try filled.change(sql) }
      }
    }
  }

  @Test("writing what is stored already adds no entry; another value adds one")
  func replacement() throws {
    defer { filled.folder.remove() }
    let run = try filled.fill()
    let ledger = try filled.ledger()
    let before = try ledger.checkChain(of: run).entryCount
    try ledger.append(SampleRun.findings, to: run)
    try ledger.store(SampleRun.attack, in: run)
    #expect(try ledger.checkChain(of: run).entryCount == before)
    var attack = SampleRun.attack
    attack.forwardPasses += 1
    try ledger.store(attack, in: run)
    let check = try ledger.checkChain(of: run)
    #expect(check.entryCount == before + 1 && check.fault == nil)
    #expect(try ledger.record(of: run).attacks == [attack])
  }
}
