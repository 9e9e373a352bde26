/// The name that a reader probably meant.
package enum NearestName {
  /// The candidate with the smallest edit distance, nil where none is near.
  package static func to(_ name: String, among candidates: [String]) -> String? {
    let limit = max(name.count / 3, 2)
    return candidates.map { ($0, distance(name.lowercased(), $0.lowercased())) }
      .filter { $0.1 <= limit }
      .min { $0.1 < $1.1 }?.0
  }

  /// The number of insertions, deletions and replacements between two words (Levenshtein 1966).
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (line, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in right.indices {
        let replaced = diagonal + (right[column] == character ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, min(row[column], diagonal) + 1)
      }
    }
    return row[right.count]
  }
}
