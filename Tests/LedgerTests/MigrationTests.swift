import Audits
import Crypto
import Foundation
import GRDB
import Ledger
import Testing

@Suite("Migration")
struct MigrationTests {
  private let folder = ShardFolder()

  @Test(
    "a ledger of an older version opens with all that it held, and becomes one of the newest",
    arguments: [Version2Ledger.sql, Version3Ledger.sql])
  func older(sql: String) throws {
    defer { folder.remove() }
    try folder.make("old", sql)
    let (old, new) = (try folder.ledger("old"), try folder.ledger("new"))
    try SampleRun.fill(new)
    var expected = try new.record(of: SampleRun.id).withoutEvents
    // What earlier versions stated in words alone is read from them.
    expected.gates[0].kind = .cleanAccuracy
    #expect(try old.record(of: SampleRun.id) == expected)
    #expect(try old.runs() == new.runs())
    #expect(try old.runs().map(\.shard) == [nil])
    for query in ["PRAGMA user_version", "PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
      #expect(try folder.rows("old", query) == folder.rows("new", query), "\(query)")
    }
    #expect(try folder.schema("old") == folder.schema("new"))
  }

  @Test("the rows of an older version are adopted: a change after that is found")
  func adoption() throws {
    defer { folder.remove() }
    try folder.make("old", Version3Ledger.sql)
    let ledger = try folder.ledger("old")
    let check = try ledger.checkChain(of: SampleRun.id)
    #expect(check.fault == nil && check.entryCount == check.rowCount && check.rowCount == 16)
    let actions = try folder.rows("old", "SELECT DISTINCT action FROM chain")
    #expect(actions.map { $0[0] as String } == ["adopted"])
    try folder.change("old", "UPDATE measures SET value = 0.75")
    #expect(
      try ledger.checkChain(of: SampleRun.id).fault == .changedRow(table: "measures", key: "0"))
  }

  @Test("a sealed file of version 3 is read as it is, and one that was changed is not")
  func sealed() throws {
    defer { folder.remove() }
    try folder.make("old", Version3Ledger.sql)
    try folder.seal("old")
    let before = try Data(contentsOf: URL(filePath: folder.path("old")))
    let (record, bank) = try BaselineFile.load(folder.path("old"))
    let new = try folder.ledger("new")
    try SampleRun.fill(new)
    #expect(try record == new.record(of: SampleRun.id).withoutEvents)
    #expect(bank.examples.count == 1)
    #expect(try Data(contentsOf: URL(filePath: folder.path("old"))) == before)
    try folder.change("old", "UPDATE measures SET value = 0.75")
    #expect { try BaselineFile.load(folder.path("old")) } throws: { error in
      (error as? LedgerError)?.fact == .damaged
    }
  }

  @Test("a ledger of version 2 takes shards and what they make")
  func shards() throws {
    defer { folder.remove() }
    try folder.make("old", Version2Ledger.sql)
    let ledger = try folder.ledger("old")
    var run = SampleRun.run
    run.id = "ffff00000000"
    for index in 1...2 { try folder.fill(ledger, index, of: run) }
    try ledger.merge(shards: [ledger])
    #expect(
      try ledger.record(of: run.id).findings == ledger.record(of: SampleRun.id).findings)
  }
}

extension ShardFolder {
  /// Makes a database by SQL alone.
  fileprivate func make(_ name: String, _ sql: String) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let queue = try DatabaseQueue(path: path(name))
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// Seals a file as version 3 did, by the definition of its seal.
  fileprivate func seal(_ name: String) throws {
    let queue = try DatabaseQueue(path: path(name))
    try queue.write { database in
      var text = Data()
      func add(_ words: String) { text += Data("\(words.utf8.count):\(words)".utf8) }
      let objects = try Row.fetchAll(
        database,
        sql: "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
      for object in objects {
        let (name, type, sql): (String, String, String) = (object[0], object[1], object[2])
        add(sql)
        guard type == "table" else { continue }
        let key = try database.primaryKey(name).columns.map { "\"\($0)\"" }
        for row in try Row.fetchAll(
          database, sql: "SELECT * FROM \"\(name)\" ORDER BY \(key.joined(separator: ", "))")
        {
          for value in row.databaseValues {
            switch value.storage {
            case .null: add("null")
            case .int64(let number): add("integer \(number)")
            case .double(let number): add("real \(number.bitPattern)")
            case .string(let words): add("text \(words)")
            case .blob(let bytes):
              add("blob \(bytes.count)")
              text += bytes
            }
          }
        }
      }
      let sum = SHA256.hash(data: text).map { String(format: "%02x", $0) }.joined()
      try database.execute(
        sql: """
          CREATE TABLE seal (position INTEGER PRIMARY KEY CHECK (position = 0), sha256 TEXT NOT NULL) STRICT;
          INSERT INTO seal VALUES (0, '\(sum)');
          """)
    }
    try queue.close()
  }

  /// The definition of every table and view, without white space.
  fileprivate func schema(_ name: String) throws -> [String] {
    let sql = "SELECT name || ' ' || sql AS words FROM sqlite_master WHERE sql IS NOT NULL"
    return try rows(name, sql).map { row in
      let words: String = row["words"]
      return words.filter { !$0.isWhitespace }
    }.sorted()
  }
}
