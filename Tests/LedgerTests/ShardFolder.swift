import Audits
import Foundation
import GRDB
import Ledger
import Testing

/// A folder with ledgers that hold shards of the sample run: the first attacked sample 2, the second
/// sample 4.
struct ShardFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  func path(_ name: String) -> String { url.appending(path: "\(name).sqlite").path }

  /// Both shards, each in a ledger of its own.
  func shards() throws -> [Ledger] {
    [try shard(1, of: SampleRun.run), try shard(2, of: SampleRun.run)]
  }

  /// A finished shard in a new ledger: "1of2.sqlite".
  func shard(_ index: Int, of run: RunDescription, count: Int = 2) throws -> Ledger {
    let ledger = try ledger("\(index)of\(count)")
    try fill(ledger, index, of: run, count: count)
    return ledger
  }

  /// Opens a ledger of the folder, making both where there is none.
  func ledger(_ name: String) throws -> Ledger {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return try Ledger(path: path(name))
  }

  /// Writes a shard as an audit does.
  func fill(
    _ ledger: Ledger, _ index: Int, of run: RunDescription, count: Int = 2,
    isFinished: Bool = true
  ) throws {
    let part = run.part(AuditShard(index: index, count: count))
    _ = try ledger.begin(part, model: SampleRun.model, data: SampleRun.data)
    try ledger.append(SampleRun.predictions, to: part.id)
    try ledger.store(SampleRun.attack, in: part.id)
    let sample = 2 * index
    try ledger.append(SampleRun.findings.filter { $0.sample == sample }, to: part.id)
    if isFinished { try ledger.finish(part.id, measures: [], warnings: [], gates: []) }
  }

  /// Changes a ledger behind its back.
  func change(_ name: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path(name))
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      try database.execute(sql: sql)
    }
    try queue.close()
  }

  func rows(_ name: String, _ sql: String) throws -> [Row] {
    let queue = try DatabaseQueue(path: path(name))
    defer { #expect(throws: Never.self) { try queue.close() } }
    return try queue.read { try Row.fetchAll($0, sql: sql) }
  }

  func remove() {
    // A test that failed early may have made no folder.
    try? FileManager.default.removeItem(at: url)
  }
}
