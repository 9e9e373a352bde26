/// A curve of one line of text.
enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// A block a value, the smallest the lowest and the largest the highest; a space where there is
  /// none.
  ///
  /// Equal values are all of middle height: there is no range to show.
  static func text(_ values: [Double?]) -> String {
    let finite = values.compactMap { $0 }.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      return String(repeating: " ", count: values.count)
    }
    return String(
      values.map { value -> Character in
        guard let value, value.isFinite else { return " " }
        guard high > low else { return blocks[blocks.count / 2 - 1] }
        // Halved first, so that a range beyond the largest number stays finite.
        let share = (value / 2 - low / 2) / (high / 2 - low / 2)
        return blocks[Int((share * Double(blocks.count - 1)).rounded())]
      })
  }
}
