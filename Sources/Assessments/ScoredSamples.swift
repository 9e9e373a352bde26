import Statistics

/// Samples with probabilities that are numbers, and what a calibration assessment computes of them.
struct ScoredSamples: Sendable {
  let probabilities: [[Float]]
  let labels: [Int]
  private let confidences: [Double]
  private let isCorrect: [Bool]

  init(_ probabilities: [[Float]], _ labels: [Int]) {
    let usable = labels.indices.filter { probabilities[$0].allSatisfy(\.isFinite) }
    self.probabilities = usable.map { probabilities[$0] }
    self.labels = usable.map { labels[$0] }
    let best = self.probabilities.map { row in
      row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? 0
    }
    // A softmax may exceed 1 by rounding.
    confidences = zip(self.probabilities, best).map { max(0, min(1, Double($0[$1]))) }
    isCorrect = zip(best, self.labels).map(==)
  }

  private var count: Int { labels.count }

  var equalWidth: Calibration { Calibration(confidences: confidences, isCorrect: isCorrect) }
  var equalMass: Calibration { Calibration(equalMass: confidences, isCorrect: isCorrect) }

  private var calibrationErrors: CalibrationErrors? {
    count == 0 ? nil : CalibrationErrors(confidences: confidences, isCorrect: isCorrect)
  }

  func bins(
    _ calibration: Calibration, _ confidence: Double
  ) -> [CalibrationAssessment.Bin] {
    calibration.bins.map { bin in
      CalibrationAssessment.Bin(
        lower: bin.lower, upper: bin.upper, count: bin.count,
        confidence: bin.count > 0 ? bin.confidence : nil,
        accuracy: IntervalEstimate(
          successes: bin.correctCount, of: bin.count, confidence: confidence))
    }
  }

  /// The three errors, from the same resamples; the draws are those of a record's measures.
  func errors(
    _ bootstrap: Bootstrap
  ) -> (expected: IntervalEstimate, equalMass: IntervalEstimate, maximum: IntervalEstimate) {
    let errors = calibrationErrors
    var resampled: [CalibrationErrors.Values] = []
    if let errors {
      bootstrap.forEachResample(count: count, purpose: "calibration") { indices in
        resampled.append(errors.values(of: indices))
      }
    }
    let values = errors?.values
    func estimate(_ part: (CalibrationErrors.Values) -> Double) -> IntervalEstimate {
      IntervalEstimate(
        value: values.map(part), resampled: resampled.map(part), count: count,
        bootstrap: bootstrap)
    }
    return (estimate(\.expected), estimate(\.equalMass), estimate(\.maximum))
  }

  /// The means of proper scores, from the same resamples.
  func scores(_ bootstrap: Bootstrap) -> (brier: IntervalEstimate, logLoss: IntervalEstimate) {
    let brier = zip(probabilities, labels).map { row, label in
      Calibration.brierScore(probabilities: [row], labels: [label]) ?? 0
    }
    let losses = zip(probabilities, labels).map { LogLoss.value($0[$1]) }
    var resampled: (brier: [Double], losses: [Double]) = ([], [])
    bootstrap.forEachResample(count: count, purpose: "brier") { indices in
      var sums = (brier: 0.0, losses: 0.0)
      for index in indices {
        sums.brier += brier[index]
        sums.losses += losses[index]
      }
      resampled.brier.append(sums.brier / Double(count))
      resampled.losses.append(sums.losses / Double(count))
    }
    func estimate(_ values: [Double], _ resampled: [Double]) -> IntervalEstimate {
      IntervalEstimate(
        value: count == 0 ? nil : values.reduce(0, +) / Double(count), resampled: resampled,
        count: count, bootstrap: bootstrap)
    }
    return (estimate(brier, resampled.brier), estimate(losses, resampled.losses))
  }

  func references(_ bootstrap: Bootstrap) -> CalibrationAssessment.References? {
    calibrationErrors.map { errors in
      let all = CalibratedReference.references(
        errors, draws: bootstrap.resamples, seed: bootstrap.seed)
      return CalibrationAssessment.References(
        expectedError: all.expected, equalMassError: all.equalMass, maximumError: all.maximum)
    }
  }
}
