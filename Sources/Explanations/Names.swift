extension String {
  /// "maximumSteps" as "maximum-steps".
  var kebabCased: String {
    reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
  }

  /// "maximum-steps" or "maximum_steps" as "maximumSteps".
  var camelCased: String {
    let words = split { $0 == "-" || $0 == "_" }
    return words.dropFirst().reduce(words.first.map(String.init) ?? "") {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }

  /// The candidate with the fewest letters inserted, removed or replaced; nil if none is close.
  func closest(in candidates: [String]) -> String? {
    let best = candidates.map { (distance: editDistance(to: $0), name: $0) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= max(2, count / 3) else { return nil }
    return best.name
  }

  /// The Levenshtein distance.
  private func editDistance(to other: String) -> Int {
    let letters = Array(other)
    var row = Array(0...letters.count)
    for (index, letter) in enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in letters.indices {
        let replaced = diagonal + (letters[column] == letter ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[letters.count]
  }
}
