import Audits
import Statistics

/// What calibration is computed from, sample by sample.
struct ScoredAnswers {
  private let confidences: [Double]
  private let isCorrect: [Bool]
  private let scores: [Double?]

  init(_ predictions: [PredictionFinding]) {
    // A probability that is not a number cannot be binned; it counts as no confidence.
    confidences = predictions.map { prediction in
      let largest = Double(prediction.probabilities.max() ?? 0)
      return largest.isFinite ? Swift.max(0, Swift.min(1, largest)) : 0
    }
    isCorrect = predictions.map(\.isCorrect)
    scores = predictions.map {
      Calibration.brierScore(probabilities: [$0.probabilities], labels: [$0.label])
    }
  }

  func calibrationError(_ indices: [Int]) -> Double? {
    Calibration(
      confidences: indices.map { confidences[$0] }, isCorrect: indices.map { isCorrect[$0] }
    ).expectedError
  }

  func brierScore(_ indices: [Int]) -> Double? {
    let known = indices.compactMap { scores[$0] }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}
