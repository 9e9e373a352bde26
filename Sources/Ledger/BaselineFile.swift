public import Audits
import Foundation
import GRDB

/// What a check needs from an earlier audit, in one SQLite file that can be committed or cached: the
/// record of a run, the bank of adversarial examples, and a seal over both.
public enum BaselineFile {
  /// Writes a baseline in place of what was there.
  ///
  /// The file is complete before it takes its name: whoever reads meanwhile, and whatever ends the
  /// program, sees the old file or the new one.
  ///
  /// - Throws: `LedgerError` if it cannot be written.
  public static func save(
    _ record: AuditRecord, bank: AdversarialBank, to path: String
  ) throws {
    let draft = path + ".\(UUID().uuidString).draft"
    defer { removeDraft(draft) }
    do {
      let ledger = try Ledger(path: draft)
      try ledger.change(record.run.id) { try $0.insert(record) }
      try ledger.store(bank, of: record.run.id)
      try ledger.seal()
    } catch let error as LedgerError {
      throw LedgerError(path: path, error.fact)
    }
    guard rename(draft, path) == 0 else {
      throw LedgerError(path: path, .cannotOpen(String(cString: strerror(errno))))
    }
  }

  private static func removeDraft(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }

  /// Reads a baseline and leaves the file as it is.
  ///
  /// - Throws: `LedgerError` if it is none, damaged, or of another version.
  public static func load(_ path: String) throws -> (record: AuditRecord, bank: AdversarialBank) {
    let ledger = try Ledger(readingSealed: path)
    guard let run = try ledger.runs().first?.id else {
      throw LedgerError(path: path, .notBaseline)
    }
    return (try ledger.record(of: run), try ledger.bank(of: run))
  }
}
