import Assessments
import Foundation

/// What fairlearn, scikit-learn, SciPy and statsmodels computed: `scripts/record-groups.py` wrote it.
enum RecordedAssessments {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures/statistics")

  private static func read<Record: Decodable>(_ name: String) throws -> Record {
    try JSONDecoder().decode(
      Record.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
  }

  struct Interval: Decodable {
    let lower, upper, standardError: Double
    let value: Double?
  }

  /// Applicants with their slices.
  struct Groups: Decodable {
    struct Samples: Decodable {
      let sex, age: [String]
      let label, predicted, accepted, robust: [Int]
    }

    struct Rate: Decodable {
      let criterion: String
      let count: Int
      let value, lower, upper, probability: Double
      /// Of the tests that count.
      let adjusted: Double?
    }

    struct Slice: Decodable {
      let values: [String]
      let count: Int
      let rates: [Rate]
    }

    struct Partition: Decodable {
      let attributes: [String]
      let slices: [Slice]
      let gaps: [String: Double]
      let demographicParityDifference, demographicParityRatio, equalizedOddsDifference: Double
    }

    let samples: Samples
    let partitions: [Partition]
    let testCount: Int
    let bootstrap: [String: Interval]

    var outcomes: GroupedOutcomes {
      GroupedOutcomes(
        labels: samples.label, predicted: samples.predicted, positiveClass: 1,
        accepted: samples.accepted.map { $0 == 1 },
        attributes: zip(samples.sex, samples.age).map { [.init("sex", $0), .init("age", $1)] },
        threats: [.init("L∞ 0.1", isRobust: samples.robust.map { $0 == 1 })])
    }
  }

  /// Forecasts of three classes.
  struct Calibration: Decodable {
    struct Curve: Decodable {
      let error, largest: Double
      let counts: [Int]
    }

    let probabilities: [[Float]]
    let labels: [Int]
    let uniform, quantile: Curve
    let brierScore, logLoss: Double
    let expectedError, logLossInterval: Interval
  }

  static func groups() throws -> Groups { try read("groups") }
  static func calibration() throws -> Calibration { try read("calibration") }
}
