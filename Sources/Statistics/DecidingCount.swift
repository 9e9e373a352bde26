/// The search for the number of samples that would decide a test.
enum DecidingCount {
  /// Beyond this, more samples of the same kind are no advice.
  static let largest = 10_000_000

  /// The smallest count that decides, by doubling and bisection; nil if `largest` does not.
  ///
  /// Takes for granted that what decides with some count decides with every larger one.
  static func smallest(where decides: (Double) -> Bool) -> Int? {
    var high = 1
    while !decides(Double(high)) {
      guard high < largest else { return nil }
      high = min(2 * high, largest)
    }
    var low = high / 2
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if decides(Double(middle)) { high = middle } else { low = middle }
    }
    return high
  }
}
