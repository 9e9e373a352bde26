import Audits
import GRDB

extension Ledger {
  /// Joins the shards of an audit into the run that one machine would have written.
  ///
  /// The run is unfinished: the audit resumes it, finds nothing left to attack, and goes on with
  /// explanations, measures and verdicts.
  ///
  /// - Parameters:
  ///   - shards: The ledgers of the shards, at least one.
  ///   - run: The id of the whole run, or its beginning; nil where the first ledger holds shards of
  ///     one run.
  /// - Returns: What was written.
  /// - Throws: `LedgerError` if the shards do not fit together, or the run is in this ledger
  ///   already; the ledger is unchanged then.
  @discardableResult
  public func merge(shards: [Ledger], run: String? = nil) throws -> ShardMerge {
    let merge = try ShardMerge(shards, run: run)
    try add(merge)
    return merge
  }

  /// Writes joined shards as one run, in one transaction.
  ///
  /// - Throws: `LedgerError` if the ledger holds the run already, or cannot be written; it is
  ///   unchanged then.
  public func add(_ merge: ShardMerge) throws {
    let record = merge.record
    let run = record.run.id
    try change(run) { changes in
      guard try !RunRow.exists(changes.database, key: run) else {
        throw LedgerError(path: path, .shard(.isMerged(run)))
      }
      try changes.insert(record)
      try changes.note(
        RunEvent(moment: clock(), action: .merged, detail: merge.shards.joined(separator: ", ")))
    }
  }
}
