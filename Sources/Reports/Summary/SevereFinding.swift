import Audits

/// One of the things that speak against a model, as the summary names it.
struct SevereFinding: Hashable, Sendable {
  /// Within its kind the larger is worse; numbers of different kinds are never compared.
  var magnitude: Double
  /// The key of its sentence.
  var key: String
  /// The values of the sentence's marks.
  var values: [NamedValue]
  /// Text of the record that stands behind the sentence; empty where there is none.
  var recorded: String = ""
  /// The part of its chapter that shows it: "robustness"; nil where the summary does.
  var section: String?

  /// The sentence, without the recorded text that stands behind it.
  func sentence(_ words: Words) -> String {
    words(key, values.map { (name: $0.name, value: $0.value) })
  }
}

/// A kind of finding: what of it a record holds.
protocol FindingSource: Sendable {
  /// All findings of the kind in one record.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - words: What names of measures and numbers are written in.
  /// - Returns: The findings, in any order.
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding]
}

/// Every kind of finding, the gravest first: the rule by which the summary chooses.
enum FindingSources {
  static let all: [any FindingSource] = [
    UnbelievableFigures(), FailedGates(), StoppedRun(), LeakedSamples(), NoBetterThanBaseline(),
    WorseThanFrequencies(), ProtectedReasons(), MissedFourFifths(), CertainGaps(), GroupGaps(),
    SmallestChanges(), WorstCorruption(), WithdrawnExplanations(), CalibrationErrors(),
  ]
}

/// The worst findings of a report's records.
struct WorstFindings: Sendable {
  /// A finding, and whose it is.
  struct Entry: Hashable, Sendable {
    var finding: SevereFinding
    /// The index of its record.
    var record: Int
  }

  /// How many the summary names.
  static let limit = 7
  /// How many of one kind are named before those of the other kinds.
  static let limitPerKind = 1

  let entries: [Entry]
  /// How many there are in all.
  let count: Int

  /// Kinds in the order of their gravity, the largest of each first; one of a kind, unless that leaves
  /// places free.
  init(_ records: [AuditRecord], _ words: Words) {
    let kinds = FindingSources.all.map { source in
      Self.ordered(
        records.enumerated().flatMap { index, record in
          source.findings(in: record, words).map { Entry(finding: $0, record: index) }
        })
    }
    count = kinds.reduce(0) { $0 + $1.count }
    let ranked = kinds.enumerated().flatMap { kind, entries in
      entries.enumerated().map { (kind: kind, rank: $0, entry: $1) }
    }
    let first = ranked.filter { $0.rank < Self.limitPerKind }
    let rest = ranked.filter { $0.rank >= Self.limitPerKind }
    entries = (first + rest).prefix(Self.limit).sorted {
      ($0.kind, $0.rank) < ($1.kind, $1.rank)
    }.map(\.entry)
  }

  /// The largest first; equals in the order of the records.
  private static func ordered(_ entries: [Entry]) -> [Entry] {
    entries.enumerated().sorted {
      ($1.element.finding.magnitude, $0.offset) < ($0.element.finding.magnitude, $1.offset)
    }.map(\.element)
  }
}
