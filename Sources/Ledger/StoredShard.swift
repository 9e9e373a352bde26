import Audits
import GRDB

/// A shard of an audit in the ledger that holds it.
struct StoredShard {
  let ledger: Ledger
  let row: ShardRow

  var path: String { ledger.path }

  func record() throws -> AuditRecord { try ledger.record(of: row.run) }

  func error(_ fault: ShardFault) -> LedgerError { LedgerError(path: path, .shard(fault)) }

  /// All shards of one run, in order, each once and complete.
  ///
  /// - Parameters:
  ///   - ledgers: The files, at least one; each holds one or several of the shards.
  ///   - run: The run, or the beginning of its id; nil where the first file holds shards of one run.
  /// - Returns: Shard 1 to the last.
  /// - Throws: `LedgerError` naming the first file that does not fit.
  static func all(in ledgers: [Ledger], of run: String?) throws -> [StoredShard] {
    guard let first = ledgers.first else {
      preconditionFailure("expected the ledgers of some shards, got none")
    }
    let whole = try first.wholeRun(named: run)
    let shards = try ledgers.flatMap { ledger in
      let stored = try ledger.shardRows()
      let members = stored.filter { $0.whole == whole }
      guard !members.isEmpty else {
        throw LedgerError(
          path: ledger.path,
          .shard(.foreign(stored.wholes, expected: whole, other: first.path)))
      }
      return members.map { StoredShard(ledger: ledger, row: $0) }
    }
    try checkCuts(shards)
    return shards.sorted { $0.row.position < $1.row.position }
  }

  /// Checks that the shards are all parts of one whole, each once, and complete.
  private static func checkCuts(_ shards: [StoredShard]) throws {
    var known: [Int: StoredShard] = [:]
    for shard in shards {
      if shard.row.count != shards[0].row.count {
        throw shard.error(
          .cut(shard.row.words, expected: shards[0].row.words, other: shards[0].path))
      }
      if let other = known.updateValue(shard, forKey: shard.row.position) {
        throw shard.error(.repeated(shard.row.words, other: other.path))
      }
    }
    let count = shards[0].row.count
    let missing = (1...count).lazy.filter { known[$0] == nil }.prefix(8).map { "\($0)/\(count)" }
    guard missing.isEmpty else {
      throw shards[0].error(
        .missing(Array(missing), total: count - known.count, beside: shards[0].row.words))
    }
    for shard in shards where !shard.row.isComplete {
      throw shard.error(.unfinished(shard.row.words))
    }
  }
}

extension Ledger {
  fileprivate func shardRows() throws -> [ShardRow] {
    try read { try ShardRow.order(Column("whole"), Column("position")).fetchAll($0) }
  }

  /// The id of the one run that the ledger holds shards of, or that an id, the beginning of one, or
  /// the id of a shard stands for.
  fileprivate func wholeRun(named run: String?) throws -> String {
    let rows = try shardRows()
    guard !rows.isEmpty else { throw LedgerError(path: path, .shard(.noShard)) }
    let isExact = rows.contains { $0.whole == run }
    let matches = rows.filter { row in
      guard let run, !isExact else { return run == nil || row.whole == run }
      return row.whole.hasPrefix(run) || row.run == run
    }.wholes
    guard let match = matches.first else {
      throw LedgerError(path: path, .shard(.noShardOf(run ?? "", known: rows.wholes)))
    }
    guard matches.count == 1 else { throw LedgerError(path: path, .shard(.several(matches))) }
    return match
  }
}

extension [ShardRow] {
  /// The runs that the shards are parts of, each once, in order.
  fileprivate var wholes: [String] { Set(map(\.whole)).sorted() }
}
