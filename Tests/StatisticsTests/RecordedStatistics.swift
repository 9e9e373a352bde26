import Foundation

/// What SciPy and statsmodels computed: `scripts/record-statistics.py` wrote it.
enum RecordedStatistics {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures/statistics")

  static func read<Record: Decodable>(_ name: String, as type: Record.Type) throws -> Record {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: "\(name).json")))
  }

  /// Whether two numbers agree to a fraction of the larger, or to 10⁻³⁰⁰.
  static func agree(_ found: Double, _ expected: Double, relative: Double) -> Bool {
    abs(found - expected) <= relative * max(abs(found), abs(expected)) + 1e-300
  }
}
