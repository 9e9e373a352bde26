/// How badly attributions predict what the output does when the input is changed.
///
///     mean over draws of (Iᵀa − (F(x) − F(x − I)))²
///
/// - Source: Yeh et al. 2019, arXiv:1901.09392, definition 2.1.
package struct Infidelity: Codable, Hashable, Sendable {
  /// With the attributions as they are.
  package let value: Double
  /// With the attributions times the β that fits best, so that their scale does not count.
  package let scaled: Double

  /// - Parameters:
  ///   - predictions: Iᵀa of each draw.
  ///   - differences: F(x) − F(x − I) of each draw.
  package init(predictions: [Double], differences: [Double]) {
    precondition(
      predictions.count == differences.count && !predictions.isEmpty,
      "expected as many predictions as differences, got \(predictions.count), \(differences.count)")
    let pairs = Array(zip(predictions, differences))
    let squares = pairs.reduce(0) { $0 + $1.0 * $1.0 }
    let products = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    // Attributions that predict no change at all fit equally badly at every scale.
    let scale = squares > 0 ? products / squares : 0
    let error = { (scale: Double) in
      pairs.reduce(0) { $0 + ($1.0 * scale - $1.1) * ($1.0 * scale - $1.1) } / Double(pairs.count)
    }
    value = error(1)
    scaled = error(scale)
  }
}
