import Foundation
import Statistics
import Tensors
import Testing

@testable import Assessments

@Suite("Calibration assessment")
struct CalibrationAssessmentTests {
  @Test("errors and scores are scikit-learn's, with SciPy's intervals")
  func recorded() throws {
    let recorded = try RecordedAssessments.calibration()
    let found = CalibrationAssessment(
      probabilities: recorded.probabilities, labels: recorded.labels,
      bootstrap: Bootstrap(resamples: 2_000, seed: 3))
    #expect(found.sampleCount == 300 && found.leftOutCount == 0 && found.classCount == 3)
    for (estimate, value) in [
      (found.expectedError, recorded.uniform.error),
      (found.equalMassError, recorded.quantile.error),
      (found.maximumError, recorded.uniform.largest), (found.brierScore, recorded.brierScore),
      (found.logLoss, recorded.logLoss),
    ] {
      #expect(abs(try #require(estimate.value) - value) < 1e-12)
      #expect(estimate.count == 300 && estimate.confidence == 0.95)
    }
    try expect(found.expectedError, recorded.expectedError)
    try expect(found.logLoss, recorded.logLossInterval)
    #expect(abs(try #require(found.decomposition).score - recorded.brierScore) < 1e-12)
  }

  /// A 2.5 % quantile of 2,000 normal draws has the standard error √(0.025 · 0.975 / 2000) / 0.0584 =
  /// 0.06 of their deviation, and the recorded one a third of it; four of both.
  private func expect(
    _ estimate: IntervalEstimate, _ recorded: RecordedAssessments.Interval
  ) throws {
    let tolerance = 0.26 * recorded.standardError
    #expect(abs(try #require(estimate.lower) - recorded.lower) < tolerance)
    #expect(abs(try #require(estimate.upper) - recorded.upper) < tolerance)
  }

  @Test("bins hold every sample, with the exact interval of their accuracy")
  func bins() throws {
    let found = CalibrationAssessment(
      probabilities: [[0.95, 0.05], [0.92, 0.08], [0.25, 0.75], [0.5, 0.5]], labels: [0, 1, 1, 0],
      bootstrap: Bootstrap(resamples: 20))
    #expect(found.bins.map(\.count) == [0, 0, 0, 0, 0, 1, 0, 1, 0, 2])
    let last = found.bins[9]
    #expect(last.accuracy == IntervalEstimate(successes: 1, of: 2))
    #expect(abs(try #require(last.confidence) - 0.935) < 1e-7)
    #expect(found.bins[0].confidence == nil && found.bins[0].accuracy.value == nil)
    // A tie is the first class's.
    #expect(found.bins[5].accuracy.value == 1)
    #expect(found.equalMassBins.reduce(0) { $0 + $1.count } == 4)
  }

  @Test("samples without numbers are left out and counted, and none at all leave nothing")
  func unusable() {
    let found = CalibrationAssessment(
      probabilities: [[.nan, 0.5], [0.25, 0.75]], labels: [0, 1],
      bootstrap: Bootstrap(resamples: 10))
    #expect(found.sampleCount == 1 && found.leftOutCount == 1)
    #expect(found.expectedError.value == 0.25)
    let nothing = CalibrationAssessment(
      probabilities: [], labels: [], bootstrap: Bootstrap(resamples: 10))
    #expect(nothing.expectedError.value == nil && nothing.references == nil)
    #expect(nothing.decomposition == nil && nothing.bins.count == 10)
  }

  @Test("the same samples give the same bytes, and JSON keeps everything")
  func repetition() throws {
    let recorded = try RecordedAssessments.calibration()
    func assessment() -> CalibrationAssessment {
      CalibrationAssessment(
        probabilities: recorded.probabilities, labels: recorded.labels,
        bootstrap: Bootstrap(resamples: 50, seed: 8))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(assessment())
    #expect(try encoder.encode(assessment()) == data)
    #expect(try JSONDecoder().decode(CalibrationAssessment.self, from: data) == assessment())
  }
}
