import Audits
import Foundation
import GRDB
import Models
import Tensors

/// A row of the ledger: columns are the properties in snake case, lists are JSON.
///
/// Rows are written by `RunChanges` alone.
protocol LedgerRow: Codable, FetchableRecord, PersistableRecord {
  static var table: ChainedTable { get }
}

extension LedgerRow {
  static var databaseTableName: String { table.name }
  static var databaseColumnEncodingStrategy: DatabaseColumnEncodingStrategy {
    .convertToSnakeCase
  }
  static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy {
    .convertFromSnakeCase
  }
  static func databaseJSONEncoder(for column: String) -> JSONEncoder { StoredJSON.encoder }
}

struct ModelRow: LedgerRow {
  static let table = ChainedTable(
    "models", key: ["sha256"], condition: "sha256 = (SELECT model FROM runs WHERE id = ?)")
  var sha256: String
  var name: String
  var program: String
  var parameterCount: Int
  var classNames: [String]
  var input: InputSpecification
  var trainingRecord: String
}

struct RunRow: LedgerRow {
  static let table = ChainedTable("runs", key: [], condition: "id = ?")
  var id: String
  var title: String
  var started: String
  var command: String
  /// As text: SQLite's integers have a sign.
  var seed: String
  var suiteName: String
  var suiteText: String
  var isComplete: Bool
  var model: String
  var modelName: String
  var modelGradient: GradientAccess
  var modelNotes: [String]
}

struct EnvironmentRow: LedgerRow {
  static let table = ChainedTable("environment", key: ["position"])
  var run: String
  var position: Int
  var name: String
  var value: String
}

struct DataRow: LedgerRow {
  static let table = ChainedTable("data_sets", key: [])
  var run: String
  var name: String
  var sha256: [NamedValue]
  var selection: String
  var sampleCount: Int
  var classCounts: [Int]
  var features: [FeatureSummary]
  var notes: [String]
}

struct AttackRow: LedgerRow {
  static let table = ChainedTable("attacks", key: ["id"])
  var run: String
  var id: String
  var position: Int
  var method: String
  var norm: String
  var epsilons: [Double]
  var scale: String
  var goal: String
  var parameters: [NamedValue]
  var isWhiteBox: Bool
  var isControl: Bool
  var samplesAttacked: Int
  var forwardPasses: Int
  var backwardPasses: Int
}

struct PredictionRow: LedgerRow {
  static let table = ChainedTable("predictions", key: ["sample"])
  var run: String
  var sample: Int
  var name: String
  var label: Int
  var predicted: Int
  var probabilities: [Float]
  var input: TensorBlob
  var groups: [NamedValue]
}

struct FindingRow: LedgerRow {
  static let table = ChainedTable("findings", key: ["attack", "epsilon", "sample"])
  var run: String
  var attack: String
  var epsilon: Double
  var sample: Int
  var outcome: String
  var distance: Double
  var predicted: Int
  var probabilities: [Float]
  var perturbed: TensorBlob?
  var flags: [String]
  var rejection: String?
  var forwardPasses: Int
  var backwardPasses: Int
}

struct ExplanationRow: LedgerRow {
  static let table = ChainedTable("explanations", key: ["sample", "method"])
  var run: String
  var sample: Int
  var method: String
  var parameters: [NamedValue]
  var target: Int
  var baseline: String?
  var attributions: TensorBlob
  var completenessError: Double?
  var outputDifference: Double?
  var steps: Int?
  var isConverged: Bool
  var quality: [QualityMeasure]
  var attackedAttributions: TensorBlob?
  var rankCorrelationUnderAttack: Double?
}

struct MeasureRow: LedgerRow {
  static let table = ChainedTable("measures", key: ["position"])
  var run: String
  var position: Int
  var kind: String
  var group: String
  var method: String?
  var norm: String?
  var epsilon: Double?
  var value: Double?
  var lower: Double?
  var upper: Double?
  var confidence: Double
  var intervalMethod: String
  var count: Int
  var note: String
}

struct WarningRow: LedgerRow {
  static let table = ChainedTable("warnings", key: ["position"])
  var run: String
  var position: Int
  var name: String
  var raised: String
  var explanation: String
  var suggestion: String
  var samples: [Int]
  var isVeto: Bool
}

struct GateRow: LedgerRow {
  static let table = ChainedTable("gates", key: ["position"])
  var run: String
  var position: Int
  var requirement: String
  var verdict: String
  var value: Double?
  var lower: Double?
  var upper: Double?
  var threshold: Double
  var isAtLeast: Bool
  var reason: String
  var kind: String?
  var norm: String?
  var epsilon: Double?
  /// nil in what a program before version 4 wrote, and cannot be changed.
  var group: String?
}

struct ArtefactRow: LedgerRow {
  static let table = ChainedTable("artefacts", key: ["name"])
  var run: String
  var position: Int
  var name: String
  var mediaType: String
  var sha256: String
}
