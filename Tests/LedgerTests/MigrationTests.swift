import Audits
import Foundation
import GRDB
import Ledger
import Testing

@Suite("Migration")
struct MigrationTests {
  private let folder = ShardFolder()

  @Test("a ledger of version 2 opens with all that it held, and becomes one of version 3")
  func version2() throws {
    defer { folder.remove() }
    try folder.make("old", Version2Ledger.sql)
    let (old, new) = (try folder.ledger("old"), try folder.ledger("new"))
    try SampleRun.fill(new)
    #expect(try old.record(of: SampleRun.id) == new.record(of: SampleRun.id))
    #expect(try old.runs() == new.runs())
    #expect(try old.runs().map(\.shard) == [nil])
    for query in ["PRAGMA user_version", "PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
      #expect(try folder.rows("old", query) == folder.rows("new", query), "\(query)")
    }
    #expect(try folder.schema("old") == folder.schema("new"))
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

  /// The definition of every table and view, without white space.
  fileprivate func schema(_ name: String) throws -> [String] {
    let sql = "SELECT name || ' ' || sql AS words FROM sqlite_master WHERE sql IS NOT NULL"
    return try rows(name, sql).map { row in
      let words: String = row["words"]
      return words.filter { !$0.isWhitespace }
    }.sorted()
  }
}
