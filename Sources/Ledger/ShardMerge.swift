public import Audits
import Models

/// The shards of one audit, checked against each other and joined.
public struct ShardMerge: Sendable {
  /// The run as one machine would have written it when its attacks were done: unfinished.
  public let record: AuditRecord
  /// What the machines of the shards differ in, a sentence each: results are those of one machine
  /// as far as both compute alike.
  public let differences: [String]
  /// The ids of the shards, in order.
  public let shards: [String]

  /// Reads and joins the shards of an audit.
  ///
  /// - Parameters:
  ///   - ledgers: The files, at least one, each with one or several of the shards.
  ///   - run: The id of the whole run, or its beginning; nil where the first file holds shards of
  ///     one run.
  /// - Throws: `LedgerError` naming the first file that does not fit, and why.
  public init(_ ledgers: [Ledger], run: String? = nil) throws {
    let shards = try StoredShard.all(in: ledgers, of: run)
    var join = ShardJoin(try shards[0].record(), of: shards[0])
    for shard in shards.dropFirst() { try join.add(try shard.record(), of: shard) }
    record = join.whole()
    self.shards = shards.map(\.row.run)
    differences = join.differences
  }
}

/// Shards while they are joined, one by one.
private struct ShardJoin {
  private let first: StoredShard
  /// The first shard's record, with the findings of all that were added.
  private var record: AuditRecord
  /// Which shard attacked a sample.
  private var owners: [Int: StoredShard] = [:]
  private(set) var differences: [String] = []

  init(_ record: AuditRecord, of shard: StoredShard) {
    first = shard
    self.record = record
    for finding in record.findings { owners[finding.sample] = shard }
  }

  mutating func add(_ other: AuditRecord, of shard: StoredShard) throws {
    for (own, theirs) in zip(record.sharedFacts, other.sharedFacts) where own != theirs {
      throw shard.error(.differs(shard.row.words, what: own.name, other: first.path))
    }
    if let sample = record.firstDifferentPrediction(in: other) {
      throw shard.error(.prediction(sample: sample, other: first.path))
    }
    for finding in other.findings {
      let owner = owners.updateValue(shard, forKey: finding.sample)
      if let owner, owner.row.run != shard.row.run {
        throw shard.error(.attackedTwice(sample: finding.sample, other: owner.path))
      }
    }
    record.findings += other.findings
    record.run.started = min(record.run.started, other.run.started)
    for entry in record.run.environment where !other.run.environment.contains(entry) {
      let value = other.run.environment.first { $0.name == entry.name }?.value ?? "unknown"
      differences.append(
        "the \(entry.name) of shard \(shard.row.words) is '\(value)', that of "
          + "\(first.row.words) '\(entry.value)'")
    }
  }

  func whole() -> AuditRecord {
    var run = record.run
    run.id = first.row.whole
    run.shard = nil
    run.command = ShellCommand(run.command).removing("--shard").line
    var whole = AuditRecord(run: run, model: record.model, data: record.data)
    whole.attacks = record.attacks.map { attack in
      attack.counted(record.findings.filter { $0.attack == attack.id })
    }
    whole.predictions = record.predictions
    whole.findings = record.findings
    return whole.sorted()
  }
}

extension AuditRecord {
  /// What the shards of one audit have in common.
  fileprivate var sharedFacts: [NamedValue] {
    let plans = attacks.map { attack in
      let parameters = attack.parameters.map { "\($0.name)=\($0.value)" }
      return "\(attack.id) \(attack.epsilons) \(attack.scale) \(attack.goal) \(parameters)"
    }
    return [
      NamedValue("model", model.sha256),
      NamedValue("data set", data.sha256.map(\.value).joined(separator: "\n")),
      NamedValue("seed", String(run.seed)), NamedValue("suite", run.suiteText),
      NamedValue("list of attacks", plans.joined(separator: "\n")),
    ]
  }

  /// The first sample whose prediction is not the other record's, bit for bit.
  fileprivate func firstDifferentPrediction(in other: AuditRecord) -> Int? {
    let pairs = zip(predictions, other.predictions)
    if let pair = pairs.first(where: { !$0.isIdentical(to: $1) }) { return pair.0.sample }
    let (shorter, longer) =
      predictions.count < other.predictions.count
      ? (predictions, other.predictions) : (other.predictions, predictions)
    return longer.dropFirst(shorter.count).first?.sample
  }
}

extension PredictionFinding {
  /// Equality of bits: 0 and −0 are equal numbers and different answers.
  fileprivate func isIdentical(to other: PredictionFinding) -> Bool {
    self == other
      && probabilities.map(\.bitPattern) == other.probabilities.map(\.bitPattern)
  }
}
