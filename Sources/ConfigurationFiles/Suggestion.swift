/// Finds what a user probably meant.
package enum Suggestion {
  /// The closest candidate, nil if none is close: about a third of the letters may differ.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }
    guard let best = scored.min(by: { $0.0 < $1.0 }) else { return nil }
    return best.0 <= max(word.count, best.1.count) / 3 + (word.count > 2 ? 1 : 0) ? best.1 : nil
  }

  /// "; did you mean 'a'?", or the known names after the given words.
  package static func text(
    for word: String, among known: [String], or words: String = "known are",
    atMost limit: Int = 24
  ) -> String {
    if let nearest = nearest(to: word, among: known) { return "; did you mean '\(nearest)'?" }
    return known.isEmpty ? "" : "; \(words) \(list(known, atMost: limit))"
  }

  /// Names in a row, the tail of a long row left out.
  package static func list(_ names: [String], atMost limit: Int) -> String {
    let shown = names.prefix(limit).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }

  /// The least number of letters to insert, delete, replace, or swap with a neighbour.
  ///
  /// - Source: Damerau 1964; the restricted variant (optimal string alignment).
  private static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let cost = left[row] == right[column] ? 0 : 1
        var best = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
