/// Why shards cannot be merged; the error names the ledger, the fault what is wrong in it.
public enum ShardFault: Sendable, Hashable {
  case noShard
  case noShardOf(String, known: [String])
  /// Shards of several runs, and nobody said which.
  case several([String])
  /// Shards of another run than in the other file.
  case foreign([String], expected: String, other: String)
  case cut(String, expected: String, other: String)
  case repeated(String, other: String)
  /// A shard that is there, the first of the missing ones, and how many are missing in all.
  case missing([String], total: Int, beside: String)
  case unfinished(String)
  /// A shard whose model, data, suite or seed is not that of the other file.
  case differs(String, what: String, other: String)
  case prediction(sample: Int, other: String)
  case attackedTwice(sample: Int, other: String)
  /// The ledger to write to has the run.
  case isMerged(String)

  /// The sentence about the ledger.
  func words(path: String) -> String {
    switch self {
    case .noShard:
      "\(path) holds no shard of an audit; 'assay audit … --shard 1/3' makes one"
    case .noShardOf(let run, let known):
      "\(path) holds no shard of run '\(run)'; it holds shards of \(Self.list(known))"
    case .several(let known):
      "\(path) holds shards of several runs; name one with --run: \(Self.list(known))"
    case .foreign(let got, let expected, let other):
      got.isEmpty
        ? "\(path) holds no shard of an audit, but \(other) does, of run \(expected)"
        : "\(path) holds shards of run \(Self.list(got)), but \(other) of run \(expected): their "
          + "model, data, suite, seed or version differ"
    case .cut(let got, let expected, let other):
      "\(path) holds shard \(got), but \(other) shard \(expected): both must be cut alike"
    case .repeated(let shard, let other):
      "\(path) holds shard \(shard), and so does \(other); give every shard once"
    case .missing(let shards, let total, let shard):
      "\(path) holds shard \(shard), but no file holds \(Self.list(shards))"
        + (total > shards.count ? " and \(total - shards.count) more" : "") + "; give all shards"
    case .unfinished(let shard):
      "\(path) holds shard \(shard) unfinished; give its audit command again: it resumes"
    case .differs(let shard, let what, let other):
      "\(path) holds shard \(shard) with another \(what) than \(other)"
    case .prediction(let sample, let other):
      "\(path) holds another prediction for sample \(sample) than \(other): the machines compute "
        + "differently, or a file is damaged"
    case .attackedTwice(let sample, let other):
      "\(path) holds findings about sample \(sample), and so does \(other): shards must not overlap"
    case .isMerged(let run):
      "\(path) holds run \(run) already; name another file with --ledger"
    }
  }

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
