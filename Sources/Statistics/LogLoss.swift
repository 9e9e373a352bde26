import Foundation

/// The mean of −ln p over samples, with p the probability that was given to the true class.
///
/// - Source: Good 1952, Journal of the Royal Statistical Society B 14, 107–114.
package enum LogLoss {
  /// Probabilities below this count as this, as in scikit-learn's `log_loss` of single precision.
  ///
  /// One sample thus adds at most 15.9, instead of making the mean infinite.
  package static let floor = Double(Float.ulpOfOne)

  /// What one sample adds.
  package static func value(_ probability: Float) -> Double {
    -log(min(1 - floor, max(floor, Double(probability))))
  }
}
