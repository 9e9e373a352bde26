/// What a Brier score is made of, over all classes.
///
/// Each class k makes forecasts p of the event that it is the true one, o ∈ {0, 1}. With bins b of
/// equal width over p, n_b samples in a bin and bars for means,
///
///     score = reliability − resolution + uncertainty + within-bin variance − within-bin covariance
///
///     reliability  = Σ n_b/n (p̄_b − ō_b)²           within-bin variance   = Σ_b Σ_i (p_i − p̄_b)² / n
///     resolution   = Σ n_b/n (ō_b − ō)²             within-bin covariance = 2 Σ_b Σ_i (o_i − ō_b)(p_i − p̄_b) / n
///     uncertainty  = ō (1 − ō)
///
/// each summed over the classes. The within-bin terms make the sum exact: without them it holds only
/// if all forecasts of a bin are the same.
///
/// - Source: Murphy 1973, Journal of Applied Meteorology 12, 595–600; Stephenson, Coelho and
///   Jolliffe 2008, Weather and Forecasting 23, 752–757.
public struct BrierDecomposition: Codable, Hashable, Sendable {
  /// How far stated probabilities are from frequencies; 0 is best.
  public var reliability: Double
  /// How far the frequencies of the bins are from the overall one; more is better.
  public var resolution: Double
  /// The score of who always states the overall frequencies.
  public var uncertainty: Double
  public var withinBinVariance: Double
  public var withinBinCovariance: Double
  /// The number of bins for each class.
  public var binCount: Int

  /// The resolution that forecasts have between and within bins.
  public var generalizedResolution: Double { resolution - withinBinVariance + withinBinCovariance }

  /// The Brier score, from 0 to 2.
  public var score: Double { reliability - generalizedResolution + uncertainty }

  /// The decomposition for samples with their class probabilities; nil without samples.
  ///
  /// - Precondition: probabilities are finite, and each sample has as many.
  public init?(probabilities: [[Float]], labels: [Int], binCount: Int = 10) {
    precondition(probabilities.count == labels.count, "expected a label for each sample")
    guard let first = probabilities.first else { return nil }
    self.binCount = binCount
    (reliability, resolution, uncertainty) = (0, 0, 0)
    (withinBinVariance, withinBinCovariance) = (0, 0)
    let bins = ForecastBins(probabilities, labels, classCount: first.count, binCount: binCount)
    for index in first.indices { add(bins.bins(of: index), of: Double(labels.count)) }
  }

  /// Adds what one class contributes.
  private mutating func add(_ bins: ArraySlice<ForecastBins.Bin>, of count: Double) {
    let frequency = bins.reduce(0) { $0 + $1.events } / count
    uncertainty += frequency * (1 - frequency)
    for bin in bins where bin.count > 0 {
      let share = bin.count / count
      let gap = bin.forecast - bin.frequency
      reliability += share * gap * gap
      resolution += share * (bin.frequency - frequency) * (bin.frequency - frequency)
      withinBinVariance += bin.squares / count
      withinBinCovariance += 2 * bin.products / count
    }
  }
}

/// The forecasts of each class in bins of equal width.
private struct ForecastBins {
  struct Bin {
    var count = 0.0
    /// Σ p, then its mean.
    var forecast = 0.0
    /// Σ o.
    var events = 0.0
    /// Σ (p − p̄)².
    var squares = 0.0
    /// Σ (o − ō)(p − p̄).
    var products = 0.0

    var frequency: Double { events / count }
  }

  private var all: [Bin]
  private let binCount: Int

  init(_ probabilities: [[Float]], _ labels: [Int], classCount: Int, binCount: Int) {
    self.binCount = binCount
    all = Array(repeating: Bin(), count: classCount * binCount)
    for (row, label) in zip(probabilities, labels) {
      precondition(row.count == classCount, "expected \(classCount) classes, got \(row.count)")
      for (index, value) in row.enumerated() {
        let bin = position(index, value)
        all[bin].count += 1
        all[bin].forecast += Double(value)
        if index == label { all[bin].events += 1 }
      }
    }
    for bin in all.indices where all[bin].count > 0 { all[bin].forecast /= all[bin].count }
    for (row, label) in zip(probabilities, labels) {
      for (index, value) in row.enumerated() {
        let bin = position(index, value)
        let deviation = Double(value) - all[bin].forecast
        all[bin].squares += deviation * deviation
        all[bin].products += ((index == label ? 1 : 0) - all[bin].frequency) * deviation
      }
    }
  }

  private func position(_ index: Int, _ value: Float) -> Int {
    index * binCount + max(0, min(binCount - 1, Int(Double(value) * Double(binCount))))
  }

  func bins(of index: Int) -> ArraySlice<Bin> { all[index * binCount..<(index + 1) * binCount] }
}
