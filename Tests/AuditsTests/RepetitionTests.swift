import Audits
import Ledger
import Tensors
import Testing

@Suite("Repetition")
struct RepetitionTests {
  @Test("a table's audit writes the same record whatever the threads, batches and store")
  func table() throws { try expectOneRecord(SmallAudit.credit()) }

  @Test("an image's audit writes the same record whatever the threads, batches and store")
  func image() throws { try expectOneRecord(SmallAudit.image()) }

  private func expectOneRecord(_ audit: SmallAudit) throws {
    let record = try audit.run()
    #expect(record.run.isComplete && record.findings.contains { $0.outcome == .broken })
    #expect(!record.measures.isEmpty && !record.explanations.isEmpty)
    #expect(try audit.run() == record)
    for (threads, batchLimit) in [(2, nil), (1, 5), (2, 3), (1, 1)] {
      var other = audit
      other.plan.threads = threads
      other.plan.batchLimit = batchLimit
      #expect(try other.run() == record)
    }
    let ledger = try Ledger()
    #expect(try audit.run(in: ledger) == record)
    #expect(try audit.run(in: ledger) == record)
  }
}
