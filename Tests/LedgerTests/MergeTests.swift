import Audits
import Foundation
import GRDB
import Ledger
import Models
import Tensors
import Testing

@Suite("Merging shards")
struct MergeTests {
  private let folder = ShardFolder()

  @Test("two shards make the rows of one machine, byte for byte, in whatever order they come")
  func whole() throws {
    defer { folder.remove() }
    let one = try folder.ledger("one")
    _ = try one.begin(SampleRun.run, model: SampleRun.model, data: SampleRun.data)
    try one.append(SampleRun.predictions, to: SampleRun.id)
    var attack = SampleRun.attack
    (attack.samplesAttacked, attack.forwardPasses, attack.backwardPasses) = (2, 41, 40)
    try one.store(attack, in: SampleRun.id)
    try one.append(SampleRun.findings, to: SampleRun.id)
    let shards = try folder.shards()
    for (name, ledgers) in [("forward", shards), ("backward", shards.reversed())] {
      let joined = try folder.ledger(name)
      try joined.merge(shards: ledgers)
      let record = try joined.record(of: SampleRun.id)
      #expect(record.withoutEvents == (try one.record(of: SampleRun.id).withoutEvents))
      #expect(record.events.map(\.action) == [.merged])
      for table in ["models", "data_sets", "attacks", "predictions", "findings"] {
        let order = "ORDER BY \(table == "models" ? "sha256" : "run, 2, 3, 4")"
        let sql = "SELECT * FROM \(table) \(order)"
        let rows = try folder.rows(name, sql)
        #expect(try rows == folder.rows("one", sql), "\(table)")
        #expect(!rows.isEmpty)
      }
    }
  }

  @Test("the joined run keeps the first start, the first environment and the command, unsharded")
  func description() throws {
    defer { folder.remove() }
    var (first, second) = (SampleRun.run, SampleRun.run)
    first.command = "assay audit m --shard 1/2 --title 'a --shard b'"
    first.started = "2026-01-02T00:00:00Z"
    second.started = "2026-01-01T00:00:00Z"
    second.environment = [NamedValue("system", "other")]
    let shards = [
      try folder.shard(1, of: first), try folder.shard(2, of: second),
    ]
    let merge = try Ledger().merge(shards: shards)
    #expect(merge.record.run.command == "assay audit m --title 'a --shard b'")
    #expect(merge.record.run.started == "2026-01-01T00:00:00Z")
    #expect(merge.record.run.environment == SampleRun.run.environment)
    #expect(merge.record.run.id == SampleRun.id && !merge.record.run.isComplete)
    #expect(merge.differences == ["the system of shard 2/2 is 'other', that of 1/2 'Linux'"])
  }

  @Test("one file may hold several shards, and shards of several runs if one is named")
  func oneFile() throws {
    defer { folder.remove() }
    let ledger = try folder.ledger("all")
    var other = SampleRun.run
    other.id = "ffff00000000"
    for index in 1...2 { try folder.fill(ledger, index, of: SampleRun.run) }
    #expect(try Ledger().merge(shards: [ledger]).record.findings.count == 3)
    for index in 1...2 { try folder.fill(ledger, index, of: other) }
    try expect(
      "\(folder.path("all")) holds shards of several runs; name one with --run: "
        + "abc123def456, ffff00000000", [ledger])
    try expect(
      "\(folder.path("all")) holds no shard of run 'b'; it holds shards of "
        + "abc123def456, ffff00000000", [ledger], run: "b")
    for name in ["ffff", "ffff00000000", "ffff00000000-2of2"] {
      #expect(try Ledger().merge(shards: [ledger], run: name).record.run.id == other.id)
    }
    // The joined run may stand beside its shards.
    try ledger.merge(shards: [ledger], run: "abc")
    #expect(try ledger.runs().map(\.shard) == ["1/2", "2/2", "1/2", "2/2", nil])
    #expect(try ledger.runs().map(\.isComplete) == [true, true, true, true, false])
  }

  @Test("a shard that is given twice, missing, unfinished or cut otherwise is refused")
  func cuts() throws {
    defer { folder.remove() }
    let (a, b) = (folder.path("1of2"), folder.path("2of2"))
    let shards = try folder.shards()
    try expect(
      "\(a) holds shard 1/2, and so does \(a); give every shard once",
      [
        shards[0], shards[1], shards[0],
      ])
    try expect("\(b) holds shard 2/2, but no file holds 1/2; give all shards", [shards[1]])
    let third = try folder.shard(1, of: SampleRun.run, count: 3)
    try expect(
      "\(third.path) holds shard 1/3, but \(b) shard 2/2: both must be cut alike",
      [shards[1], third])
    let unfinished = try folder.ledger("unfinished")
    try folder.fill(unfinished, 2, of: SampleRun.run, isFinished: false)
    try expect(
      "\(unfinished.path) holds shard 2/2 unfinished; give its audit command again: it resumes",
      [shards[0], unfinished])
    let many = try folder.shard(1, of: SampleRun.run, count: 1_000_000)
    try expect(
      "\(many.path) holds shard 1/1000000, but no file holds "
        + (2...9).map { "\($0)/1000000" }.joined(separator: ", ")
        + " and 999991 more; give all shards", [many])
  }

  @Test("ledgers without shards, or with those of another run, are refused")
  func foreign() throws {
    defer { folder.remove() }
    let shard = try folder.shard(1, of: SampleRun.run)
    let whole = try folder.ledger("whole")
    try SampleRun.fill(whole)
    let words = "holds no shard of an audit"
    try expect("\(whole.path) \(words); 'assay audit … --shard 1/3' makes one", [whole, shard])
    try expect(
      "\(whole.path) \(words), but \(shard.path) does, of run abc123def456", [shard, whole])
    var run = SampleRun.run
    run.id = "ffff00000000"
    let other = try folder.shard(2, of: run)
    try expect(
      "\(other.path) holds shards of run ffff00000000, but \(shard.path) of run abc123def456: "
        + "their model, data, suite, seed or version differ", [shard, other])
  }

  @Test(
    "the same run of another model, data, seed, suite or other attacks is refused",
    arguments: [
      ("model", "UPDATE runs SET model = 'beef'"),
      ("data set", "UPDATE data_sets SET sha256 = '[]'"),
      ("seed", "UPDATE runs SET seed = '3'"),
      ("suite", "UPDATE runs SET suite_text = 'name: other'"),
      ("list of attacks", "UPDATE attacks SET epsilons = '[0.1]'"),
    ])
  func differences(what: String, change: String) throws {
    defer { folder.remove() }
    let shards = try folder.shards()
    try folder.change(
      "2of2",
      """
      INSERT INTO models SELECT 'beef', name, program, parameter_count, class_names, input,
        training_record FROM models;
      \(change)
      """)
    try expect(
      "\(shards[1].path) holds shard 2/2 with another \(what) than \(shards[0].path)", shards)
  }

  @Test(
    "a prediction that differs in a bit, or is missing, is refused",
    arguments: [
      "UPDATE predictions SET probabilities = '[0.25000003,0.75]' WHERE sample = 4",
      "UPDATE predictions SET predicted = 0 WHERE sample = 4",
      "UPDATE predictions SET input = (SELECT input FROM predictions WHERE sample = 2)",
      "DELETE FROM findings; DELETE FROM predictions WHERE sample = 4",
    ])
  func predictions(change: String) throws {
    defer { folder.remove() }
    let shards = try folder.shards()
    try folder.change("2of2", change)
    try expect(
      "\(shards[1].path) holds another prediction for sample 4 than \(shards[0].path): the "
        + "machines compute differently, or a file is damaged", shards)
  }

  @Test("a zero of another sign is another answer, and bytes that are no tensor are damage")
  func damage() throws {
    defer { folder.remove() }
    let shards = try folder.shards()
    try folder.change("1of2", "UPDATE predictions SET probabilities = '[0.0,1]'")
    try folder.change("2of2", "UPDATE predictions SET probabilities = '[-0.0,1]'")
    try expect(
      "\(shards[1].path) holds another prediction for sample 2 than \(shards[0].path): the "
        + "machines compute differently, or a file is damaged", shards)
    try folder.change("2of2", "UPDATE predictions SET input = x'00ff' WHERE sample = 4")
    try expect("\(shards[1].path): a row does not hold what Assay wrote", shards)
  }

  @Test("a sample that two shards attacked is refused")
  func overlap() throws {
    defer { folder.remove() }
    let shards = try folder.shards()
    try shards[1].append([SampleRun.findings[0]], to: SampleRun.id + "-2of2")
    try expect(
      "\(shards[1].path) holds findings about sample 2, and so does \(shards[0].path): shards must "
        + "not overlap", shards)
  }

  @Test("a ledger that holds the run, or breaks off while it is written, stays as it was")
  func unchanged() throws {
    defer { folder.remove() }
    let shards = try folder.shards()
    let full = try folder.ledger("full")
    try SampleRun.fill(full)
    let record = try full.record(of: SampleRun.id)
    expect("\(full.path) holds run abc123def456 already; name another file with --ledger") {
      try full.merge(shards: shards)
    }
    #expect(try full.record(of: SampleRun.id) == record)
    let broken = try folder.ledger("broken")
    try folder.change(
      "broken",
      """
      CREATE TRIGGER stop BEFORE INSERT ON findings WHEN NEW.sample = 4
      BEGIN SELECT RAISE(ABORT, 'no more space'); END
      """)
    expect("\(broken.path): no more space (SQLite 19)") { try broken.merge(shards: shards) }
    #expect(try broken.runs().isEmpty)
    for table in ["models", "runs", "environment", "data_sets", "attacks", "predictions"] {
      #expect(try folder.rows("broken", "SELECT * FROM \(table)").isEmpty, "\(table)")
    }
  }

  /// Expects that shards are refused with these words, and that the ledger for them stays empty.
  private func expect(_ words: String, _ shards: [Ledger], run: String? = nil) throws {
    let joined = try Ledger()
    expect(words) { try joined.merge(shards: shards, run: run) }
    #expect(try joined.runs().isEmpty)
  }

  private func expect(_ words: String, _ body: () throws -> Void) {
    do {
      try body()
      Issue.record("expected: \(words)")
    } catch {
      #expect("\(error)" == words)
    }
  }
}
