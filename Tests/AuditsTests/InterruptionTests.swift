import Assessments
import Audits
import Foundation
import Ledger
import Synchronization
import Tensors
import Testing

@Suite("Interruption")
struct InterruptionTests {
  @Test(
    "an audit that dies at any write ends with the record of an uninterrupted one",
    arguments: [true, false])
  func anyWrite(isStoredBefore: Bool) throws {
    var audit = try SmallAudit.credit(samples: 9)
    audit.plan.explainedSamples = 2
    let expected = try audit.run()
    let total = try writes(of: audit)
    #expect(total > 30)
    for count in 0..<total {
      let store = InterruptedStore(MemoryStore(), after: count, isStored: isStoredBefore)
      #expect(throws: InterruptedStore.Death.self) { _ = try audit.run(in: store) }
      #expect(try audit.run(in: store.inner) == expected, "after \(count) writes")
    }
  }

  @Test("an audit that dies again and again, on two threads and a ledger, ends the same")
  func againAndAgain() throws {
    var audit = try SmallAudit.image(samples: 10)
    let expected = try audit.run()
    audit.plan.threads = 2
    audit.plan.batchLimit = 6
    let ledger = try Ledger()
    var deaths = 0
    while deaths < 100 {
      // Enough for the descriptions and counts of nine attacks, which are written together.
      let store = InterruptedStore(ledger, after: 14, isStored: deaths.isMultiple(of: 2))
      do {
        #expect(try audit.run(in: store) == expected)
        break
      } catch is InterruptedStore.Death {
        deaths += 1
      }
    }
    #expect(deaths > 2 && deaths < 100)
  }

  @Test("a ledger that is never closed leaves files from which the audit resumes")
  func unclosedLedger() throws {
    let audit = try SmallAudit.image(samples: 8)
    let expected = try audit.run()
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let killed = try Ledger(path: folder.appending(path: "killed.sqlite").path)
    for count in 1...3 {
      let store = InterruptedStore(killed, after: 16, isStored: true)
      #expect(throws: InterruptedStore.Death.self) { _ = try audit.run(in: store) }
      // The files as they are while the first ledger is open: what kill -9 leaves behind.
      let copy = "copy\(count).sqlite"
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          at: folder.appending(path: "killed.sqlite\(suffix)"),
          to: folder.appending(path: "\(copy)\(suffix)"))
      }
      let resumed = try Ledger(path: folder.appending(path: copy).path)
      #expect(try audit.run(in: resumed) == expected)
    }
  }

  private func writes(of audit: SmallAudit) throws -> Int {
    let store = InterruptedStore(MemoryStore(), after: .max, isStored: true)
    _ = try audit.run(in: store)
    return store.writes
  }
}

/// A store whose process dies in one of its writes: before the write, or right after it.
private final class InterruptedStore: AuditStore {
  struct Death: Error {}

  let inner: any AuditStore
  private let limit: Int
  private let isStored: Bool
  private let count = Mutex(0)

  init(_ inner: any AuditStore, after limit: Int, isStored: Bool) {
    self.inner = inner
    self.limit = limit
    self.isStored = isStored
  }

  var writes: Int { count.withLock { $0 } }

  private func write(_ body: () throws -> Void) throws {
    let isLast = count.withLock { count in
      count += 1
      return count > limit
    }
    if !isLast || isStored { try body() }
    if isLast { throw Death() }
  }

  func begin(
    _ run: RunDescription, model: ModelDescription, data: DataDescription
  ) throws -> AuditRecord { try inner.begin(run, model: model, data: data) }

  func append(_ predictions: [PredictionFinding], to run: String) throws {
    try write { try inner.append(predictions, to: run) }
  }
  func append(_ findings: [AttackFinding], to run: String) throws {
    try write { try inner.append(findings, to: run) }
  }
  func append(_ explanations: [ExplanationFinding], to run: String) throws {
    try write { try inner.append(explanations, to: run) }
  }
  func store(_ attack: AttackDescription, in run: String) throws {
    try write { try inner.store(attack, in: run) }
  }
  func finish(
    _ run: String, measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws {
    try write {
      try inner.finish(run, measures: measures, warnings: warnings, gates: gates)
    }
  }
  func store(_ artefact: Artefact, in run: String) throws {
    try write { try inner.store(artefact, in: run) }
  }
  func store(_ assessments: Assessments, in run: String) throws {
    try write { try inner.store(assessments, in: run) }
  }
  func store(_ statements: [HumanStatement], in run: String) throws {
    try write { try inner.store(statements, in: run) }
  }
  func append(_ event: RunEvent, to run: String) throws {
    try write { try inner.append(event, to: run) }
  }
  func append(_ signOff: SignOff, to run: String) throws {
    try write { try inner.append(signOff, to: run) }
  }
  func record(of run: String) throws -> AuditRecord { try inner.record(of: run) }
}
