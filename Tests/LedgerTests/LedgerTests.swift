import Audits
import Foundation
import GRDB
import Ledger
import Models
import Tensors
import Testing

@Suite("Ledger")
struct LedgerTests {
  @Test("what was appended is read back, and equals what a store in memory keeps")
  func roundTrip() throws {
    let (ledger, memory) = (try Ledger(), MemoryStore())
    for store in [ledger, memory] as [any AuditStore] { try SampleRun.fill(store) }
    let record = try ledger.record(of: SampleRun.id)
    #expect(record.withoutEvents == (try memory.record(of: SampleRun.id)))
    #expect(record.findings.count == 3 && record.run.isComplete)
    #expect(record.findings[0].perturbed?.floats == [0.25, -1, .infinity])
  }

  @Test("appending again changes nothing")
  func idempotence() throws {
    let ledger = try Ledger()
    try SampleRun.fill(ledger)
    let before = try ledger.record(of: SampleRun.id)
    try SampleRun.fill(ledger)
    #expect(try ledger.record(of: SampleRun.id) == before)
  }

  @Test("a finding without its prediction, or broken without its input, is refused")
  func integrity() throws {
    let ledger = try Ledger()
    try SampleRun.fill(ledger)
    var finding = SampleRun.findings[0]
    finding.sample = 99
    #expect(throws: LedgerError.self) { try ledger.append([finding], to: SampleRun.id) }
    finding = SampleRun.findings[0]
    finding.epsilon = 0.7
    finding.perturbed = nil
    #expect(throws: LedgerError.self) { try ledger.append([finding], to: SampleRun.id) }
  }

  @Test("a ledger survives being closed and opened, and its views answer")
  func reopening() throws {
    let path = temporaryPath()
    defer { remove(path) }
    try SampleRun.fill(try Ledger(path: path))
    let ledger = try Ledger(path: path)
    #expect(try ledger.runs().map(\.id) == [SampleRun.id])
    #expect(try ledger.resolve("abc") == SampleRun.id)
    #expect(try ledger.resolve("latest") == SampleRun.id)
    let queue = try DatabaseQueue(path: path)
    let broken = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM broken_samples") }
    #expect(broken == 1)
    let percent = try queue.read {
      try Double.fetchOne($0, sql: "SELECT percent FROM robust_accuracy")
    }
    #expect(percent == 50)
  }

  @Test("a ledger of version 1 opens, its models exact and without notes, and takes new runs")
  func migration() throws {
    let path = temporaryPath()
    defer { remove(path) }
    try SampleRun.fill(try Ledger(path: path))
    let queue = try DatabaseQueue(path: path)
    try queue.write { database in
      try database.execute(
        sql: """
          DROP VIEW run_summary;
          DROP TABLE chain;
          DROP TABLE chain_heads;
          DROP TABLE assessments;
          DROP TABLE statements;
          DROP TABLE events;
          DROP TABLE sign_offs;
          DROP TABLE manifests;
          DROP TABLE shards;
          DROP TABLE bank;
          ALTER TABLE gates DROP COLUMN kind;
          ALTER TABLE gates DROP COLUMN norm;
          ALTER TABLE gates DROP COLUMN epsilon;
          ALTER TABLE gates DROP COLUMN "group";
          ALTER TABLE runs DROP COLUMN model_gradient;
          ALTER TABLE runs DROP COLUMN model_notes;
          CREATE VIEW run_summary AS
            SELECT runs.id, runs.started, runs.title, runs.model_name AS model,
              data_sets.name AS data, runs.suite_name AS suite, data_sets.sample_count AS samples,
              runs.is_complete, 0 AS passed, 0 AS failed
            FROM runs JOIN data_sets ON data_sets.run = runs.id;
          PRAGMA user_version = 1;
          """)
    }
    try queue.close()
    let ledger = try Ledger(path: path)
    let old = try ledger.record(of: SampleRun.id)
    #expect(old.model.gradient == .exact && old.model.notes.isEmpty)
    #expect(old.findings.count == 3)
    var run = SampleRun.run
    run.id = "fff123def456"
    let new = try ledger.begin(run, model: SampleRun.model, data: SampleRun.data)
    #expect(new.model == SampleRun.model)
  }

  @Test("foreign files, newer ledgers and unknown runs are refused in one sentence")
  func refusals() throws {
    let path = temporaryPath()
    defer { remove(path) }
    try Data("not a database, but long enough to be one".utf8).write(to: URL(filePath: path))
    expectRefusal("\(path) is not a ledger of Assay; name another file with --ledger") {
      _ = try Ledger(path: path)
    }
    remove(path)
    let other = try DatabaseQueue(path: path)
    try other.write { try $0.execute(sql: "CREATE TABLE songs (name TEXT)") }
    try other.close()
    expectRefusal("\(path) is not a ledger of Assay; name another file with --ledger") {
      _ = try Ledger(path: path)
    }
    remove(path)
    _ = try Ledger(path: path)
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "PRAGMA user_version = 9") }
    try queue.close()
    expectRefusal(
      "\(path) was written by a newer Assay (ledger version 9, this one reads up to 4); "
        + "update Assay or name another file with --ledger"
    ) { _ = try Ledger(path: path) }
    expectRefusal("memory holds no run 'x'; it holds none") { _ = try Ledger().record(of: "x") }
  }

  @Test("a path in a folder that does not exist is refused")
  func unwritable() {
    #expect(throws: LedgerError.self) { _ = try Ledger(path: "/nonexistent/ledger.sqlite") }
  }

  private func expectRefusal(_ words: String, _ body: () throws -> Void) {
    do {
      try body()
      Issue.record("expected: \(words)")
    } catch {
      #expect("\(error)" == words)
    }
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).sqlite").path
  }

  private func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] {
      // Files that were never made need no removal.
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }
}
