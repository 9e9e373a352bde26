import Assessments
import Audits
import Ledger
import Tensors
import Testing

@Suite("Shards")
struct ShardTests {
  @Test("a table's shards, joined and finished, are the record of one machine")
  func table() throws { try expectWhole(SmallAudit.credit(), shards: 3) }

  @Test("an image's shards, on two threads and in pieces, are the record of one machine")
  func image() throws {
    var audit = try SmallAudit.image()
    let expected = try audit.run()
    audit.plan.threads = 2
    audit.plan.batchLimit = 3
    try expectWhole(audit, shards: 4, expected: expected)
  }

  @Test("a shard may be without samples: one more shard than correctly classified samples")
  func emptyShard() throws {
    let audit = try SmallAudit.credit(samples: 5)
    let correct = try audit.run().predictions.count(where: \.isCorrect)
    try expectWhole(audit, shards: correct + 1)
    let last = try audit.shard(correct + 1, of: correct + 1, in: MemoryStore())
    #expect(last.findings.isEmpty && last.predictions.count == 5)
  }

  @Test("a shard asks about all samples, attacks its own, and has no figures of its own")
  func oneShard() throws {
    let audit = try SmallAudit.credit()
    let whole = try audit.run()
    let correct = whole.predictions.filter(\.isCorrect).map(\.sample)
    for index in 1...3 {
      let record = try audit.shard(index, of: 3, in: MemoryStore())
      let own = stride(from: index - 1, to: correct.count, by: 3).map { correct[$0] }
      #expect(record.predictions == whole.predictions)
      #expect(Set(record.findings.map(\.sample)) == Set(own))
      #expect(record.findings == whole.findings.filter { own.contains($0.sample) })
      #expect(record.attacks.map(\.id) == whole.attacks.map(\.id))
      #expect(record.explanations.isEmpty && record.measures.isEmpty)
      #expect(record.warnings.isEmpty && record.gates.isEmpty && !record.run.isComplete)
      #expect(
        record.run.shard
          == ShardDescription(whole: SmallAudit.id, index: index, count: 3, isComplete: true))
      #expect(record.run.id == "\(SmallAudit.id)-\(index)of3")
    }
  }

  @Test("memory and a ledger keep the same of a shard, and a repeat adds nothing")
  func stores() throws {
    let audit = try SmallAudit.image(samples: 9)
    let ledger = try Ledger()
    let record = try audit.shard(2, of: 2, in: ledger)
    #expect(try audit.shard(2, of: 2, in: MemoryStore()) == record)
    #expect(try audit.shard(2, of: 2, in: AttackedStore(ledger)) == record)
  }

  @Test("one shard of one is the whole")
  func singleShard() throws { try expectWhole(SmallAudit.image(samples: 6), shards: 1) }

  @Test("shards ask about known examples again, each about those of its samples")
  func knownExamples() throws {
    var audit = try SmallAudit.credit()
    audit.plan.bank = AdversarialBank(try audit.run())
    let expected = try audit.run()
    #expect(!expected.replayed.isEmpty)
    try expectWhole(audit, shards: 3, expected: expected)
  }

  @Test("a shard with a budget is refused: how far that reaches depends on all samples")
  func budget() throws {
    var audit = try SmallAudit.image(samples: 4)
    audit.plan.budget = .gradients(10)
    #expect(throws: AuditError.shardWithBudget) {
      try audit.shard(1, of: 2, in: MemoryStore())
    }
  }

  @Test("shards are read as they are written, and what is none is refused")
  func words() {
    #expect(AuditShard("3/8") == AuditShard(index: 3, count: 8))
    #expect(AuditShard(index: 3, count: 8).description == "3/8")
    for text in ["0/8", "9/8", "x", "", "3", "/", "3/", "1/2/3", "-1/2", "1/0", "1.5/2"] {
      #expect(AuditShard(text) == nil, "\(text)")
    }
  }

  @Test("a command loses an option, and keeps its words through a shell's quotes")
  func commands() {
    let line = "assay audit 'my model' --shard 3/8 --title 'it'\\''s --shard 1/2' '' --seed=1"
    let command = ShellCommand(line)
    #expect(
      command.words == [
        "assay", "audit", "my model", "--shard", "3/8", "--title", "it's --shard 1/2", "",
        "--seed=1",
      ])
    #expect(command.line == line)
    #expect(command.removing("--shard").line == line.replacing(" --shard 3/8", with: ""))
    #expect(command.removing("--seed").words.last == "")
    #expect(ShellCommand("").words.isEmpty)
  }

  /// Runs every shard in a ledger of its own, joins them, and finishes the whole without attacks.
  private func expectWhole(
    _ audit: SmallAudit, shards: Int, expected: AuditRecord? = nil
  ) throws {
    let expected = try expected ?? audit.run()
    #expect(expected.findings.contains { $0.outcome == .broken })
    let ledgers = try (1...shards).map { index in
      let ledger = try Ledger()
      _ = try audit.shard(index, of: shards, in: ledger)
      return ledger
    }
    let joined = try Ledger()
    // In any order: what a machine is called does not decide which shard it had.
    let merge = try joined.merge(shards: ledgers.reversed())
    #expect(merge.differences.isEmpty)
    var stored = try joined.record(of: SmallAudit.id)
    #expect(stored.events.map(\.action) == [.merged])
    stored.events = []
    #expect(stored == merge.record)
    #expect(merge.record.findings == expected.findings)
    #expect(merge.record.attacks == expected.attacks)
    #expect(!merge.record.run.isComplete && merge.record.run.shard == nil)
    #expect(try audit.run(in: AttackedStore(joined)) == expected)
    stored = try joined.record(of: SmallAudit.id)
    #expect(stored.events.map(\.action) == [.merged, .resumed, .completed])
    stored.events = []
    #expect(stored == expected)
  }
}

extension SmallAudit {
  /// Runs one shard of the audit.
  fileprivate func shard(
    _ index: Int, of count: Int, in store: any AuditStore
  ) throws -> AuditRecord {
    var audit = self
    audit.plan.shard = AuditShard(index: index, count: count)
    return try audit.run(in: store)
  }
}

/// A store of a run whose attacks are done: to ask the model, or to attack, once more is an error.
private final class AttackedStore: AuditStore {
  struct Repeated: Error {}

  private let inner: any AuditStore

  init(_ inner: any AuditStore) { self.inner = inner }

  func begin(
    _ run: RunDescription, model: ModelDescription, data: DataDescription
  ) throws -> AuditRecord { try inner.begin(run, model: model, data: data) }

  func append(_ predictions: [PredictionFinding], to run: String) throws { throw Repeated() }
  func append(_ findings: [AttackFinding], to run: String) throws { throw Repeated() }
  func store(_ attack: AttackDescription, in run: String) throws { throw Repeated() }

  func append(_ explanations: [ExplanationFinding], to run: String) throws {
    try inner.append(explanations, to: run)
  }
  func finish(
    _ run: String, measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws {
    try inner.finish(run, measures: measures, warnings: warnings, gates: gates)
  }
  func store(_ artefact: Artefact, in run: String) throws {
    try inner.store(artefact, in: run)
  }
  func store(_ assessments: Assessments, in run: String) throws {
    try inner.store(assessments, in: run)
  }
  func store(_ statements: [HumanStatement], in run: String) throws {
    try inner.store(statements, in: run)
  }
  func append(_ event: RunEvent, to run: String) throws { try inner.append(event, to: run) }
  func append(_ signOff: SignOff, to run: String) throws { try inner.append(signOff, to: run) }
  func record(of run: String) throws -> AuditRecord { try inner.record(of: run) }
}
