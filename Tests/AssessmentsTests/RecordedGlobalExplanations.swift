import Foundation

/// What SciPy, scikit-learn and PyALE computed: `scripts/record-global.py` wrote it.
struct RecordedGlobalExplanations: Decodable {
  struct Importance: Decodable {
    /// Means over all pairs of receivers and donors.
    struct Exact: Decodable {
      var loss: Double
      var accuracy: Double
    }

    var inputs: [[Float]]
    var labels: [Int]
    var weights: [Float]
    var bias: Float
    var repeats: Int
    var exact: [Exact]
    var loss: [Double]
    var lossDeviation: [Double]
    var accuracy: [Double]
    var accuracyDeviation: [Double]
    var logLoss: Double
  }

  struct Associations: Decodable {
    var x: [Float]
    var y: [Float]
    var first: [Float]
    var near: [Float]
    var spearman: Double
    var cramersNear: Double
    var ratio: Double
  }

  struct Effects: Decodable {
    struct Curve: Decodable {
      var points: [Double]
      var values: [Double]
      var counts: [Int]
    }

    /// a, b, count, color.
    var inputs: [[Float]]
    var first: [[Float]]
    var shift: [Float]
    var second: [[Float]]
    var continuous: Curve
    var discrete: Curve
    var categorical: Curve
    /// The categories by their similarity.
    var order: [Int]
  }

  struct Quantiles: Decodable {
    var values: [Double]
    var limit: Int
    var ends: [Double]
  }

  var importance: Importance
  var associations: Associations
  var effects: Effects
  var quantiles: Quantiles

  static func read() throws -> RecordedGlobalExplanations {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = folder.appending(path: "fixtures/statistics/global.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}
