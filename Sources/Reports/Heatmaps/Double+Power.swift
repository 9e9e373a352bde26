import Foundation

extension Double {
  /// This number raised to an exponent.
  func power(_ exponent: Double) -> Double { pow(self, exponent) }
}
