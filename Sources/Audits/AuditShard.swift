/// A part of an audit that runs on its own, on a machine of its own.
///
/// Shard i of n attacks every n-th of the correctly classified samples in their order, beginning
/// with the i-th: samples that lie beside each other are often alike, and so are their costs.
public struct AuditShard: Hashable, Sendable, CustomStringConvertible {
  /// From 1 to `count`.
  public let index: Int
  public let count: Int

  /// - Precondition: the index is one of 1 to the count.
  public init(index: Int, count: Int) {
    precondition(
      index >= 1 && index <= count, "expected an index from 1 to the count, got \(index)/\(count)")
    self.index = index
    self.count = count
  }

  /// A shard as it is written: "3/8"; nil for what is none, as "0/8" and "9/8".
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1, index <= count
    else { return nil }
    self.init(index: index, count: count)
  }

  public var description: String { "\(index)/\(count)" }

  /// Whether the shard attacks the sample at a position among the correctly classified ones.
  func holds(_ position: Int) -> Bool { position % count == index - 1 }
}

/// Of which run a shard's run is a part.
public struct ShardDescription: Codable, Hashable, Sendable {
  /// The id of the run that all shards together make.
  public var whole: String
  /// From 1 to `count`.
  public var index: Int
  public var count: Int
  /// Whether all samples of the shard were attacked.
  public var isComplete: Bool

  public init(whole: String, index: Int, count: Int, isComplete: Bool = false) {
    self.whole = whole
    self.index = index
    self.count = count
    self.isComplete = isComplete
  }

  /// "3/8".
  public var words: String { "\(index)/\(count)" }
}

extension RunDescription {
  /// The run of one shard of this run; its id names both: "3f2a9c01b7d4-3of8".
  public func part(_ shard: AuditShard) -> RunDescription {
    var part = self
    part.id = "\(id)-\(shard.index)of\(shard.count)"
    part.shard = ShardDescription(whole: id, index: shard.index, count: shard.count)
    return part
  }

  /// Whether nothing is left to do in the run, or in the shard that it is.
  package var isDone: Bool { shard?.isComplete ?? isComplete }

  /// Marks the run as complete; a shard is a part, and its run is never complete as such.
  mutating func markDone() {
    if shard == nil { isComplete = true } else { shard?.isComplete = true }
  }
}
