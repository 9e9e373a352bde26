import Assessments
import Audits
import Tensors
import Testing

@testable import Ledger

@Suite("What people wrote, what happened, and what was assessed")
struct StoredPartsTests {
  private func filled() throws -> Ledger {
    let ledger = try Ledger(clock: SecondClock().moment)
    try SampleRun.fill(ledger)
    return ledger
  }

  @Test("assessments and statements are read back, and replaced as a whole")
  func replacement() throws {
    let ledger = try filled()
    let memory = MemoryStore()
    try SampleRun.fill(memory)
    for store in [ledger, memory] as [any AuditStore] {
      try store.store(FilledLedger.assessments, in: SampleRun.id)
      try store.store([FilledLedger.statement, FilledLedger.statement], in: SampleRun.id)
      try store.store([FilledLedger.statement], in: SampleRun.id)
      try store.append(FilledLedger.signOff, to: SampleRun.id)
      try store.append(FilledLedger.signOff, to: SampleRun.id)
    }
    let record = try ledger.record(of: SampleRun.id)
    #expect(record.assessments == FilledLedger.assessments)
    #expect(record.statements == [FilledLedger.statement])
    #expect(record.signOffs == [FilledLedger.signOff, FilledLedger.signOff])
    #expect(record.withoutEvents == (try memory.record(of: SampleRun.id)))
    try ledger.store(Assessments(), in: SampleRun.id)
    #expect(try ledger.record(of: SampleRun.id).assessments == Assessments())
    #expect(try ledger.checkChain(of: SampleRun.id).fault == nil)
  }

  @Test("every assessment there is has a row of its own")
  func kinds() {
    let properties = Mirror(reflecting: Assessments()).children.compactMap(\.label)
    #expect(AssessmentKind.allCases.map(\.rawValue) == properties)
  }

  @Test("a ledger notes when a run began, went on, was completed, joined and signed")
  func events() throws {
    let ledger = try Ledger(clock: SecondClock().moment)
    let run = SampleRun.run
    for _ in 0..<2 { _ = try ledger.begin(run, model: SampleRun.model, data: SampleRun.data) }
    try ledger.finish(run.id, measures: [], warnings: [], gates: [])
    _ = try ledger.begin(run, model: SampleRun.model, data: SampleRun.data)
    try ledger.finish(run.id, measures: [], warnings: [], gates: [])
    try ledger.append(
      RunEvent(moment: "2026-02-01T00:00:00Z", action: .repeated, detail: "the same"), to: run.id)
    try ledger.sign(FilledLedger.signOff, over: FilledLedger.manifest)
    #expect(
      try ledger.record(of: run.id).events == [
        RunEvent(moment: "2026-01-02T00:00:00Z", action: .begun),
        RunEvent(moment: "2026-01-02T00:00:01Z", action: .resumed),
        RunEvent(moment: "2026-01-02T00:00:02Z", action: .completed),
        RunEvent(moment: "2026-02-01T00:00:00Z", action: .repeated, detail: "the same"),
        RunEvent(
          moment: "2026-01-03T00:00:00Z", action: .signed, detail: "validator, J. Doe: conditions"),
      ])
    #expect(try ledger.signedManifests(of: run.id) == [FilledLedger.manifest])
  }

  @Test("a joined run says of which shards")
  func merged() throws {
    let folder = ShardFolder()
    defer { folder.remove() }
    let joined = try Ledger(clock: SecondClock().moment)
    try joined.merge(shards: try folder.shards())
    #expect(
      try joined.record(of: SampleRun.id).events == [
        RunEvent(
          moment: "2026-01-02T00:00:00Z", action: .merged,
          detail: "abc123def456-1of2, abc123def456-2of2")
      ])
    #expect(try joined.checkChain(of: SampleRun.id).fault == nil)
  }

  @Test("a verdict keeps what it is about")
  func gates() throws {
    let ledger = try filled()
    let gate = GateResult(
      requirement: "r", verdict: .failed, value: 0.1, lower: nil, upper: nil, threshold: 0.2,
      isAtLeast: false, reason: "because", kind: .groupGap, norm: .l2, epsilon: 0.5, group: "sex")
    try ledger.finish(SampleRun.id, measures: [], warnings: [], gates: [gate])
    #expect(try ledger.record(of: SampleRun.id).gates == [gate])
    #expect(try ledger.trend(ofModel: "model").gates.map(\.kind) == [.groupGap])
  }
}
