/// Finds what a user probably meant.
package enum Suggestion {
  /// The closest candidate, nil if none is close: about a third of the letters may differ.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }
    guard let best = scored.min(by: { $0.0 < $1.0 }) else { return nil }
    return best.0 <= max(word.count, best.1.count) / 3 + (word.count > 2 ? 1 : 0) ? best.1 : nil
  }

  /// "; did you mean 'a'?", or the names that are known.
  package static func text(for word: String, among known: [String]) -> String {
    if let nearest = nearest(to: word, among: known) { return "; did you mean '\(nearest)'?" }
    return known.isEmpty ? "" : "; known are \(known.joined(separator: ", "))"
  }

  /// The least number of letters to insert, delete or replace (Levenshtein 1966).
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let replaced = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
