/// The first thing in a ledger that does not agree with a run's chain.
public enum ChainFault: Hashable, Sendable {
  case noChain
  /// There is no entry at a position, though there are later ones.
  case missingEntry(position: Int)
  /// An entry that is not what it was when the next was chained to it.
  case changedEntry(position: Int, table: String, key: String)
  /// Fewer entries than the chain's end counts.
  case cutOff(count: Int, expected: Int)
  /// More entries than the chain's end counts.
  case addedEntries(count: Int, expected: Int)
  /// The chain's end is not the hash of the last entry.
  case changedHead
  case changedRow(table: String, key: String)
  case missingRow(table: String, key: String)
  /// A row that no entry speaks of.
  case addedRow(table: String, key: String)
}

extension ChainFault: CustomStringConvertible {
  /// The sentence, without its full stop.
  public var description: String {
    switch self {
    case .noChain: "the run has no chain: it was taken away"
    case .missingEntry(let position): "entry \(position) of the chain is missing"
    case .changedEntry(let position, let table, let key):
      "entry \(position) of the chain, about \(Self.row(table, key)), was changed"
    case .cutOff(let count, let expected):
      "the end of the chain is missing: it has \(count) entries of \(expected)"
    case .addedEntries(let count, let expected):
      "the chain has \(count) entries, but \(expected) were recorded"
    case .changedHead: "the end of the chain was changed"
    case .changedRow(let table, let key): "\(Self.row(table, key)) was changed"
    case .missingRow(let table, let key): "\(Self.row(table, key)) is missing"
    case .addedRow(let table, let key): "\(Self.row(table, key)) was added without a record of it"
    }
  }

  private static func row(_ table: String, _ key: String) -> String {
    key.isEmpty ? "the row in table '\(table)'" : "the row (\(key)) in table '\(table)'"
  }
}
