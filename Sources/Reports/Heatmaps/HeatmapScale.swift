import Audits
import Statistics

/// The attribution at which a heatmap's colour is full, shared by the panels that are compared.
struct HeatmapScale: Hashable, Sendable {
  /// Why a map is not drawn.
  enum Refusal: Hashable, Sendable {
    case notFinite
    case zero
    /// Everything is below `floor`: drawing it would stretch rounding noise.
    case negligible(largest: Double)
    case notConverged
  }

  /// The 99.5th percentile of |a| over all panels.
  let value: Double
  /// Whether all panels are non-negative, so that one hue is enough.
  let isSequential: Bool

  /// Attributions below this, in output units, are taken for rounding noise.
  static let floor = 1e-6
  static let percentile = 0.995

  /// The scale of panels that are to be compared; what is not finite does not count.
  init(panels: [[Double]]) {
    let finite = panels.joined().filter(\.isFinite)
    value = max(Self.percentile(of: finite.map(abs), Self.percentile), Self.floor)
    isSequential = finite.allSatisfy { $0 >= 0 }
  }

  /// The value below which a fraction of the numbers lies; 0 for no numbers.
  static func percentile(of values: [Double], _ fraction: Double) -> Double {
    values.isEmpty ? 0 : Bootstrap.quantile(values.sorted(), fraction)
  }

  /// Why these attributions must not be drawn, nil if they may.
  static func refusal(of attributions: [Double]) -> Refusal? {
    guard attributions.allSatisfy(\.isFinite) else { return .notFinite }
    let largest = attributions.map(abs).max() ?? 0
    if largest == 0 { return .zero }
    return largest < floor ? .negligible(largest: largest) : nil
  }

  /// The colour of an attribution.
  func colour(_ attribution: Double) -> [UInt8] {
    isSequential ? Palette.sequential(attribution / value) : Palette.signed(attribution / value)
  }

  /// The fraction of the attributions that lie beyond the scale and take its last colour.
  func clippedShare(of attributions: [Double]) -> Double {
    guard !attributions.isEmpty else { return 0 }
    return Double(attributions.count { abs($0) > value }) / Double(attributions.count)
  }
}
