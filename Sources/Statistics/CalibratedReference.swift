import Tensors

/// The calibration error that a perfectly calibrated model would show with the same confidences.
///
/// Calibration errors add up absolute differences and are therefore above zero for every finite
/// number of samples. This is what to hold a measured one against.
public struct CalibratedReference: Codable, Hashable, Sendable {
  /// The mean over the draws.
  public var mean: Double
  /// The quantile of the draws at `level`.
  public var quantile: Double
  public var level: Double
  /// (1 + the draws with at least the measured error) / (1 + draws): small if a calibrated model
  /// would hardly show so large an error.
  public var probability: Double
  public var draws: Int

  /// A reference from the errors of draws.
  init(_ values: [Double], measured: Double, level: Double) {
    let sorted = values.sorted()
    mean = values.reduce(0, +) / Double(values.count)
    quantile = Bootstrap.quantile(sorted, level)
    self.level = level
    let atLeast = values.count { $0 >= measured }
    probability = Double(1 + atLeast) / Double(1 + values.count)
    draws = values.count
  }

  /// The references of the three errors, from the same draws of outcomes.
  ///
  /// - Parameters:
  ///   - errors: The samples with their confidences.
  ///   - draws: How often the outcomes of all samples are drawn.
  ///   - seed: Draw i depends on the seed and i alone.
  ///   - level: Of the quantile.
  /// - Returns: In the order expected, equal-mass and maximum error.
  package static func references(
    _ errors: CalibrationErrors, draws: Int, seed: UInt64, level: Double = 0.95
  ) -> (expected: Self, equalMass: Self, maximum: Self) {
    precondition(draws > 0, "expected at least one draw, got \(draws)")
    let drawn = (0..<draws).map { draw in
      var random = RandomStream(seed: seed, purpose: "calibrated outcomes", sample: draw)
      return errors.calibratedValues(&random)
    }
    let measured = errors.values
    return (
      Self(drawn.map(\.expected), measured: measured.expected, level: level),
      Self(drawn.map(\.equalMass), measured: measured.equalMass, level: level),
      Self(drawn.map(\.maximum), measured: measured.maximum, level: level)
    )
  }
}
