import Audits
import Foundation
import Ledger
import Tensors
import Testing

@Suite("Baseline files")
struct BaselineFileTests {
  private let path =
    FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).sqlite").path

  private func saved() throws -> (record: AuditRecord, bank: AdversarialBank) {
    let ledger = try Ledger()
    try SampleRun.fill(ledger)
    let record = try ledger.record(of: SampleRun.id)
    let bank = AdversarialBank([
      BankExample(
        sample: record.predictions[0].sample, norm: .linf, distance: 0.1, scale: "input units",
        perturbed: Tensor([1, .infinity]), attack: "pgd/linf", model: "old", modelSHA256: "0a",
        fools: false)
    ])
    try BaselineFile.save(record, bank: bank, to: path)
    return (record, bank)
  }

  @Test("what was saved is read back, from one file that reading leaves alone")
  func roundTrip() throws {
    defer { unlink(path) }
    let (record, bank) = try saved()
    let before = try Data(contentsOf: URL(filePath: path))
    let loaded = try BaselineFile.load(path)
    #expect(loaded.record == record && loaded.bank == bank)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    for suffix in ["-wal", "-shm", "-journal"] {
      #expect(!FileManager.default.fileExists(atPath: path + suffix))
    }
    #expect(try Data(contentsOf: URL(filePath: path)).range(of: Data("DRAFT".utf8)) == nil)
  }

  @Test("damage anywhere is recognised, and the file named")
  func damage() throws {
    defer { unlink(path) }
    _ = try saved()
    let whole = try Data(contentsOf: URL(filePath: path))
    let baseline = try BaselineFile.load(path)
    var unnoticed = 0
    for step in 0..<400 {
      var damaged = whole
      damaged[step * whole.count / 400 + step % 7] ^= 0x10
      try damaged.write(to: URL(filePath: path))
      do {
        let loaded = try BaselineFile.load(path)
        // A byte that no value is stored in: what was read is what was saved.
        #expect(loaded.record == baseline.record && loaded.bank == baseline.bank)
        unnoticed += 1
      } catch let error as LedgerError {
        #expect(error.path == path && "\(error)".contains(path))
      }
    }
    #expect(unnoticed < 400)
    try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
    #expect(throws: LedgerError.self) { try BaselineFile.load(path) }
  }

  @Test("a changed value is damage even where SQLite is content")
  func changedValue() throws {
    defer { unlink(path) }
    _ = try saved()
    var bytes = try Data(contentsOf: URL(filePath: path))
    let place = try #require(bytes.range(of: Data("pgd/linf".utf8)))
    bytes.replaceSubrange(place, with: Data("pgd/linF".utf8))
    try bytes.write(to: URL(filePath: path))
    #expect { try BaselineFile.load(path) } throws: { error in
      (error as? LedgerError)?.fact == .damaged
    }
  }

  @Test("a ledger is no baseline, and a file of another kind is damaged")
  func foreign() throws {
    defer { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
    try SampleRun.fill(try Ledger(path: path))
    #expect { try BaselineFile.load(path) } throws: { error in
      (error as? LedgerError)?.fact == .notBaseline
    }
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    try Data("not a database, but long enough to be one if it were".utf8).write(
      to: URL(filePath: path))
    #expect { try BaselineFile.load(path) } throws: { error in
      (error as? LedgerError)?.fact == .damaged
    }
  }

  @Test("a file that cannot be written leaves the old one")
  func failure() throws {
    defer { unlink(path) }
    let (record, bank) = try saved()
    let before = try Data(contentsOf: URL(filePath: path))
    #expect(throws: LedgerError.self) {
      try BaselineFile.save(record, bank: bank, to: "/proc/nowhere/base.sqlite")
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }
}
