public import Audits
import GRDB

extension Ledger {
  /// What the gates of the complete runs of one model's versions said, over time.
  public struct ModelTrend: Codable, Hashable, Sendable {
    public let model: String
    /// Oldest first.
    public let runs: [Version]
    /// A requirement each, in the order in which they first appear.
    public let gates: [GateTrend]

    /// How many different model files there are among the runs.
    public var versionCount: Int { Set(runs.map(\.sha256)).count }
  }

  /// One run of a version of a model.
  public struct Version: Codable, Hashable, Sendable {
    public let run: String
    /// ISO 8601, UTC.
    public let started: String
    /// Of the model file.
    public let sha256: String
  }

  /// One requirement over the runs of a model's versions.
  public struct GateTrend: Codable, Hashable, Sendable {
    public let requirement: String
    /// The newest run's.
    public let threshold: Double
    public let isAtLeast: Bool
    /// What is required of; nil where the record does not say.
    public let kind: Measure.Kind?
    /// A run each, in their order.
    public let points: [Point]

    /// What a run says about the requirement.
    public struct Point: Codable, Hashable, Sendable {
      public let version: Version
      /// nil: the run's suite does not hold the requirement.
      public let verdict: GateResult.Verdict?
      /// nil: not measured.
      public let value: Double?
      public let lower: Double?
      public let upper: Double?
    }

    /// How many different model files the requirement was judged for.
    public var versionCount: Int {
      Set(points.filter { $0.verdict != nil }.map(\.version.sha256)).count
    }
  }

  /// The gates of all complete runs of the models with a name, in order of start.
  ///
  /// - Throws: `LedgerError` if no run, complete or not, is of such a model.
  public func trend(ofModel name: String) throws -> ModelTrend {
    try read { database in
      let rows = try TrendRow.fetchAll(
        database,
        sql: """
          SELECT runs.id AS run, runs.started, runs.model AS sha256, runs.is_complete,
            gates.requirement, gates.verdict, gates.value, gates.lower, gates.upper,
            gates.threshold, gates.is_at_least, gates.kind
          FROM runs LEFT JOIN gates ON gates.run = runs.id
          WHERE runs.model_name = ?
          ORDER BY runs.started, runs.rowid, gates.position
          """, arguments: [name])
      guard !rows.isEmpty else {
        let known = try String.fetchAll(
          database, sql: "SELECT DISTINCT model_name FROM runs ORDER BY model_name")
        throw LedgerError(path: path, .unknownModel(name, known: known))
      }
      return try ModelTrend(name, rows.filter(\.isComplete), path: path)
    }
  }
}

extension Ledger.ModelTrend {
  fileprivate init(_ model: String, _ rows: [TrendRow], path: String) throws {
    let versions = rows.map(\.version).reduce(into: [Ledger.Version]()) { list, version in
      if list.last != version { list.append(version) }
    }
    let requirements = rows.compactMap(\.requirement).reduce(into: [String]()) { list, words in
      if !list.contains(words) { list.append(words) }
    }
    self.model = model
    runs = versions
    gates = try requirements.map { requirement in
      let own = rows.filter { $0.requirement == requirement }
      return Ledger.GateTrend(
        requirement: requirement, threshold: own.last?.threshold ?? 0,
        isAtLeast: own.last?.isAtLeast ?? true,
        kind: own.last?.kind.flatMap(Measure.Kind.init(rawValue:)),
        points: try versions.map { version in
          let row = own.first { $0.version == version }
          return Ledger.GateTrend.Point(
            version: version, verdict: try row?.judged(path: path), value: row?.value,
            lower: row?.lower, upper: row?.upper)
        })
    }
  }
}

/// A gate of a run; the gate's columns are empty where a run has none.
private struct TrendRow: Decodable, FetchableRecord {
  static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy {
    .convertFromSnakeCase
  }

  var run: String
  var started: String
  var sha256: String
  var isComplete: Bool
  var requirement: String?
  var verdict: String?
  var value: Double?
  var lower: Double?
  var upper: Double?
  var threshold: Double?
  var isAtLeast: Bool?
  var kind: String?

  var version: Ledger.Version { Ledger.Version(run: run, started: started, sha256: sha256) }

  func judged(path: String) throws -> GateResult.Verdict {
    guard let verdict = verdict.flatMap(GateResult.Verdict.init(rawValue:)) else {
      throw LedgerError(path: path, .corrupt("a gate of run \(run)"))
    }
    return verdict
  }
}
