import Crypto
import Foundation
import GRDB

/// One change of a row of a run: an entry of the chain that every change of the run is part of.
///
///     hash(i) = SHA-256(hash(i − 1) ‖ position, action, table, key, content),
///     hash(−1) = SHA-256("Assay chain 1" ‖ run)
///
/// All fields in their canonical form. Whoever changes, adds or takes away a row breaks the chain, or
/// has to write all of what follows anew, and then no signature over the run's root holds any more.
struct ChainEntry: Sendable {
  /// What became of the row.
  enum Action: String, Sendable {
    case inserted, replaced, deleted
    /// It was there before the chain: another run stored the model, or an older program the run.
    case adopted
  }

  let position: Int
  let action: Action
  let table: String
  let row: ChainedRow

  /// What a run's first entry is chained to.
  static func origin(of run: String) -> [UInt8] {
    var form = CanonicalForm()
    form.add("Assay chain 1")
    form.add(run)
    return form.sha256
  }

  /// The hash of the entry after one with a hash.
  func hash(after previous: [UInt8]) -> [UInt8] {
    Self.hash(
      after: previous, position: position, action: action.rawValue, table: table, key: row.key,
      content: row.content)
  }

  /// The hash of fields as they are stored, whether they make sense or not.
  static func hash(
    after previous: [UInt8], position: Int, action: String, table: String, key: String,
    content: [UInt8]
  ) -> [UInt8] {
    var form = CanonicalForm()
    form.add(position.databaseValue)
    form.add(action)
    form.add(table)
    form.add(key)
    var hash = SHA256()
    hash.update(data: previous)
    hash.update(data: form.bytes)
    hash.update(data: content)
    return Array(hash.finalize())
  }
}

/// Where a run's chain ends.
struct ChainHead: Hashable, Sendable {
  /// How many entries there are.
  var count: Int
  /// The hash of the last.
  var hash: [UInt8]

  /// The end of a chain without entries.
  init(of run: String) {
    count = 0
    hash = ChainEntry.origin(of: run)
  }

  /// The stored end; nil where none is stored.
  init?(of run: String, in database: Database) throws {
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT count, hash FROM chain_heads WHERE run = ?"),
      arguments: [run])
    guard let row else { return nil }
    let data: Data = row["hash"]
    count = row["count"]
    hash = Array(data)
  }

  func store(for run: String, in database: Database) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO chain_heads (run, count, hash) VALUES (?, ?, ?)
        ON CONFLICT (run) DO UPDATE SET count = excluded.count, hash = excluded.hash
        """
    ).execute(arguments: [run, count, Data(hash)])
  }
}
