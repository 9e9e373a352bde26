import Tensors

/// The calibration errors of samples, of resamples, and of what a calibrated model would show.
///
/// Bins are those of the samples as they are, so that a resample only adds up what each of its
/// samples contributes to its bin: 1 − confidence if it is right, −confidence if not.
package struct CalibrationErrors: Hashable, Sendable {
  /// The three errors of the same samples.
  package struct Values: Hashable, Sendable {
    /// In bins of equal width (ECE).
    package var expected: Double
    /// In bins of equal mass.
    package var equalMass: Double
    /// The largest of the bins of equal width (MCE).
    package var maximum: Double
  }

  private let confidences: [Double]
  private let differences: [Double]
  private let equalWidth: ConfidenceBins
  private let equalMass: ConfidenceBins

  /// - Precondition: there is at least one sample, and one flag for each.
  package init(confidences: [Double], isCorrect: [Bool], binCount: Int = 10) {
    precondition(
      !confidences.isEmpty && confidences.count == isCorrect.count,
      "expected samples and a flag for each, got \(confidences.count) and \(isCorrect.count)")
    self.confidences = confidences
    differences = zip(confidences, isCorrect).map { ($1 ? 1 : 0) - $0 }
    equalWidth = ConfidenceBins(equalWidth: confidences, count: binCount)
    equalMass = ConfidenceBins(equalMass: confidences, count: binCount)
  }

  /// The errors of the samples as they are.
  package var values: Values {
    var sums = Sums(equalWidth, equalMass)
    for index in differences.indices { sums.add(differences[index], of: index) }
    return sums.values
  }

  /// The errors of samples of which some occur more than once.
  package func values(of indices: [Int]) -> Values {
    var sums = Sums(equalWidth, equalMass)
    for index in indices { sums.add(differences[index], of: index) }
    return sums.values
  }

  /// The errors if each sample were right with its confidence for a probability, drawn anew.
  ///
  /// The confidences stay, outcomes are drawn: what is left is the error that a perfectly
  /// calibrated model shows because there are so few samples.
  ///
  /// - Source: Bröcker and Smith 2007, Weather and Forecasting 22, 651–661 (consistency
  ///   resampling); they resample the forecasts too.
  func calibratedValues(_ random: inout RandomStream) -> Values {
    var sums = Sums(equalWidth, equalMass)
    for (index, confidence) in confidences.enumerated() {
      sums.add((random.uniform() < confidence ? 1 : 0) - confidence, of: index)
    }
    return sums.values
  }

  /// What a sample adds to its two bins.
  private struct Sums {
    private let widthPositions: [Int]
    private let massPositions: [Int]
    private var width: [Double]
    private var mass: [Double]
    private var counts: [Double]
    private var total = 0.0

    init(_ equalWidth: ConfidenceBins, _ equalMass: ConfidenceBins) {
      widthPositions = equalWidth.positions
      massPositions = equalMass.positions
      width = Array(repeating: 0, count: equalWidth.count)
      mass = Array(repeating: 0, count: equalMass.count)
      counts = width
    }

    mutating func add(_ difference: Double, of index: Int) {
      let bin = widthPositions[index]
      width[bin] += difference
      counts[bin] += 1
      mass[massPositions[index]] += difference
      total += 1
    }

    var values: Values {
      let gaps = zip(width, counts).map { $1 > 0 ? abs($0) / $1 : 0 }
      return Values(
        expected: width.reduce(0) { $0 + abs($1) } / total,
        equalMass: mass.reduce(0) { $0 + abs($1) } / total, maximum: gaps.max() ?? 0)
    }
  }
}
