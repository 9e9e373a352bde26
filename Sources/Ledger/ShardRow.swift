import Audits
import GRDB

/// Of which run a run is a part.
struct ShardRow: LedgerRow {
  static let table = ChainedTable("shards", key: [])
  var run: String
  var whole: String
  /// From 1 to `count`.
  var position: Int
  var count: Int
  var isComplete: Bool
}

extension ShardRow {
  init(_ shard: ShardDescription, run: String) {
    self.init(
      run: run, whole: shard.whole, position: shard.index, count: shard.count,
      isComplete: shard.isComplete)
  }

  var description: ShardDescription {
    ShardDescription(whole: whole, index: position, count: count, isComplete: isComplete)
  }

  /// "3/8".
  var words: String { description.words }
}
