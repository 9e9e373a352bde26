import Audits
import Ledger
import Synchronization

/// The records that were read last, as long as nothing has changed the ledger.
///
/// A run that is being written is read anew after each of its transactions; what nobody writes to
/// is read once.
final class RecordShelf: Sendable {
  let ledger: Ledger
  private let entries = Mutex<[Entry]>([])

  /// A record, and the version of the ledger that it was read from.
  private struct Entry: Sendable {
    let version: Int
    let record: AuditRecord
  }

  /// A comparison needs two; the rest is for going back and forth.
  private static let capacity = 4

  init(_ ledger: Ledger) { self.ledger = ledger }

  /// The record of a run: its id, the beginning of one, or "latest".
  ///
  /// - Throws: `LedgerError` if there is no such run, or more than one.
  func record(of run: String) throws -> AuditRecord {
    let id = try ledger.resolve(run)
    // Before the record is read: a change in between is seen the next time.
    let version = try ledger.dataVersion()
    if let known = shelved(id, version) { return known }
    let record = try ledger.record(of: id)
    entries.withLock { entries in
      entries.removeAll { $0.record.run.id == id }
      entries.append(Entry(version: version, record: record))
      if entries.count > Self.capacity { entries.removeFirst() }
    }
    return record
  }

  /// The record if it is there and current; it is then the last to go.
  private func shelved(_ id: String, _ version: Int) -> AuditRecord? {
    entries.withLock { entries in
      entries.removeAll { $0.version != version }
      guard let index = entries.firstIndex(where: { $0.record.run.id == id }) else { return nil }
      let entry = entries.remove(at: index)
      entries.append(entry)
      return entry.record
    }
  }

  /// How many records are kept.
  var count: Int { entries.withLock(\.count) }
}
