import Tensors
import Testing

@testable import Statistics

@Suite("Calibration")
struct CalibrationTests {
  private struct Recorded: Decodable {
    struct Curve: Decodable {
      let accuracies, confidences: [Double]
      let counts: [Int]
      let error, largest: Double
    }

    struct Calibrated: Decodable {
      let mean, standardDeviation, quantile, probability: Double
    }

    let probabilities: [[Float]]
    let labels: [Int]
    let uniform, quantile: Curve
    let brierScore, logLoss: Double
    let oneVersusRest: [Double]
    let decomposition: [String: Double]
    let calibrated: Calibrated

    var confidences: [Double] { probabilities.map { Double($0.max() ?? 0) } }
    var isCorrect: [Bool] {
      zip(probabilities, labels).map { row, label in row[label] == row.max() }
    }
  }

  private let recorded: Recorded

  init() throws { recorded = try RecordedStatistics.read("calibration", as: Recorded.self) }

  private func expect(_ calibration: Calibration, _ curve: Recorded.Curve) throws {
    let filled = calibration.bins.filter { $0.count > 0 }
    #expect(filled.map(\.count) == curve.counts)
    for (index, bin) in filled.enumerated() {
      #expect(abs(bin.accuracy - curve.accuracies[index]) < 1e-12)
      #expect(abs(bin.confidence - curve.confidences[index]) < 1e-12)
    }
    #expect(abs(try #require(calibration.expectedError) - curve.error) < 1e-12)
    #expect(abs(try #require(calibration.maximumError) - curve.largest) < 1e-12)
  }

  @Test("bins of equal width and of equal mass are those of scikit-learn's calibration_curve")
  func curves() throws {
    let (confidences, isCorrect) = (recorded.confidences, recorded.isCorrect)
    try expect(Calibration(confidences: confidences, isCorrect: isCorrect), recorded.uniform)
    try expect(Calibration(equalMass: confidences, isCorrect: isCorrect), recorded.quantile)
  }

  @Test("samples of the same confidence share a bin of equal mass")
  func ties() {
    let confidences = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.9, 0.9]
    let calibration = Calibration(
      equalMass: confidences, isCorrect: confidences.map { $0 > 0.6 }, binCount: 4)
    #expect(calibration.bins.map(\.count).filter { $0 > 0 } == [6, 2])
    #expect(Calibration(equalMass: [], isCorrect: []).expectedError == nil)
    #expect(Calibration(equalMass: [], isCorrect: []).maximumError == nil)
  }

  @Test("the Brier score and the log loss are scikit-learn's")
  func scores() throws {
    let brier = try #require(
      Calibration.brierScore(probabilities: recorded.probabilities, labels: recorded.labels))
    #expect(abs(brier - recorded.brierScore) < 1e-12)
    #expect(abs(recorded.oneVersusRest.reduce(0, +) - recorded.brierScore) < 1e-12)
    let losses = zip(recorded.probabilities, recorded.labels).map { LogLoss.value($0[$1]) }
    #expect(abs(losses.reduce(0, +) / Double(losses.count) - recorded.logLoss) < 1e-12)
  }

  @Test("a probability of zero costs as much as the smallest that counts")
  func clipping() {
    #expect(abs(LogLoss.value(0) - 15.942_385_152_878_742) < 1e-12)
    #expect(abs(LogLoss.value(1) - 1.192_093_0e-7) < 1e-12)
    #expect(abs(LogLoss.value(0.5) - 0.693_147_180_559_945_3) < 1e-15)
  }

  @Test("the parts of the Brier score are those of the definition, and add up to it")
  func decomposition() throws {
    let parts = try #require(
      BrierDecomposition(probabilities: recorded.probabilities, labels: recorded.labels))
    let found = [
      "reliability": parts.reliability, "resolution": parts.resolution,
      "uncertainty": parts.uncertainty, "withinBinVariance": parts.withinBinVariance,
      "withinBinCovariance": parts.withinBinCovariance,
    ]
    for (name, value) in recorded.decomposition {
      #expect(abs(try #require(found[name]) - value) < 1e-12, "\(name)")
    }
    #expect(abs(parts.score - recorded.brierScore) < 1e-12)
    for binCount in [1, 3, 50] {
      let other = try #require(
        BrierDecomposition(
          probabilities: recorded.probabilities, labels: recorded.labels, binCount: binCount))
      #expect(abs(other.score - recorded.brierScore) < 1e-12)
    }
  }

  @Test("who states frequencies has the uncertainty for a score, who knows has zero")
  func extremes() throws {
    let frequencies = [[Float]](repeating: [0.25, 0.75], count: 4)
    let dull = try #require(BrierDecomposition(probabilities: frequencies, labels: [0, 1, 1, 1]))
    #expect(dull.reliability == 0 && dull.resolution == 0 && dull.uncertainty == 0.375)
    let known: [[Float]] = [[1, 0], [0, 1], [0, 1], [0, 1]]
    let sure = try #require(BrierDecomposition(probabilities: known, labels: [0, 1, 1, 1]))
    #expect(sure.reliability == 0 && sure.resolution == 0.375 && sure.score == 0)
    #expect(BrierDecomposition(probabilities: [], labels: []) == nil)
  }

  @Test("the errors of all samples once are those of the bins")
  func errors() throws {
    let (confidences, isCorrect) = (recorded.confidences, recorded.isCorrect)
    let values = CalibrationErrors(confidences: confidences, isCorrect: isCorrect)
    let again = values.values(of: Array(confidences.indices))
    for found in [values.values, again] {
      #expect(abs(found.expected - recorded.uniform.error) < 1e-12)
      #expect(abs(found.equalMass - recorded.quantile.error) < 1e-12)
      #expect(abs(found.maximum - recorded.uniform.largest) < 1e-12)
    }
  }

  @Test("a calibrated model's error is that of outcomes that NumPy drew")
  func reference() {
    let errors = CalibrationErrors(
      confidences: recorded.confidences, isCorrect: recorded.isCorrect)
    let reference = CalibratedReference.references(errors, draws: 2_000, seed: 5).expected
    let deviation = recorded.calibrated.standardDeviation
    // Four standard errors of a mean, and of a 95 % quantile (0.047 deviations), of 2,000 draws.
    #expect(abs(reference.mean - recorded.calibrated.mean) < 4 * deviation / 2_000.0.squareRoot())
    #expect(abs(reference.quantile - recorded.calibrated.quantile) < 0.19 * deviation)
    #expect(abs(reference.probability - recorded.calibrated.probability) < 0.004)
    #expect(reference.draws == 2_000)
  }

  @Test("a calibrated model is taken for one, and its error is not zero")
  func calibrated() {
    var random = RandomStream(seed: 3, purpose: "test")
    let confidences = (0..<500).map { _ in 0.5 + 0.5 * random.uniform() }
    let isCorrect = confidences.map { random.uniform() < $0 }
    let errors = CalibrationErrors(confidences: confidences, isCorrect: isCorrect)
    let references = CalibratedReference.references(errors, draws: 500, seed: 0)
    #expect(references.expected.mean > 0.01 && references.expected.probability > 0.05)
    #expect(references.equalMass.probability > 0.05 && references.maximum.probability > 0.05)
  }
}
