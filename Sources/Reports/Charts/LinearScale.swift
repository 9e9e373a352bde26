import Foundation

/// A straight line from values to coordinates, and round values to mark on it.
struct LinearScale: Hashable, Sendable {
  /// The values at both ends.
  var values: ClosedRange<Double>
  /// The coordinate of the smallest value.
  var start: Double
  /// The coordinate of the largest value; smaller than `start` where the axis points up.
  var end: Double

  /// The coordinate of a value.
  ///
  ///     c = start + (v − lower) / (upper − lower) · (end − start)
  func callAsFunction(_ value: Double) -> Double {
    let width = values.upperBound - values.lowerBound
    guard width > 0 else { return (start + end) / 2 }
    return start + (value - values.lowerBound) / width * (end - start)
  }

  /// Multiples of 1, 2 or 5 times a power of ten within the values, about as many as asked for.
  func ticks(_ count: Int = 5) -> [Double] {
    let width = values.upperBound - values.lowerBound
    guard width > 0, width.isFinite else { return [values.lowerBound] }
    let rough = width / Double(max(count, 1))
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10) * power
    let first = Int((values.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((values.upperBound / step + 1e-9).rounded(.down))
    // Multiplying, not adding up, keeps 0.3 from becoming 0.30000000000000004.
    guard first <= last else { return [values.lowerBound] }
    return (first...last).map { Double($0) * step }
  }

  /// The smallest range of round ends that holds the values, never empty.
  static func rounded(_ values: [Double], including anchors: [Double] = []) -> ClosedRange<Double> {
    let finite = (values + anchors).filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    guard low < high else { return (low - max(abs(low), 1) / 2)...(high + max(abs(high), 1) / 2) }
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10) * power
    return ((low / step + 1e-9).rounded(.down) * step)...((high / step - 1e-9).rounded(.up) * step)
  }
}
