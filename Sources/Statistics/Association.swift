/// How strongly two variables go together, from 0 to 1; nil where either is constant.
package enum Association {
  /// Cramér's V of two categorical variables, corrected for its bias in small samples.
  ///
  ///     φ̃² = max(0, χ² / n − (k − 1)(r − 1) / (n − 1)),   k̃ = k − (k − 1)² / (n − 1),   r̃ likewise
  ///     V = √(φ̃² / min(k̃ − 1, r̃ − 1))
  ///
  /// with the k and r categories that occur.
  ///
  /// - Source: Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T", Journal of the
  ///   Korean Statistical Society 42.
  package static func cramersV(_ a: [Int], _ b: [Int]) -> Double? {
    precondition(a.count == b.count, "expected as many codes, got \(a.count) and \(b.count)")
    let (left, right) = (CategoryCounts(a), CategoryCounts(b))
    guard left.codes.count > 1, right.codes.count > 1 else { return nil }
    let n = Double(a.count)
    let (k, r) = (Double(left.codes.count), Double(right.codes.count))
    let square = max(0, chiSquare(left, right) / n - (k - 1) * (r - 1) / (n - 1))
    let smaller = min(
      k - (k - 1) * (k - 1) / (n - 1), r - (r - 1) * (r - 1) / (n - 1))
    // As many categories as samples: nothing is left to correct with.
    guard smaller > 1 else { return nil }
    return min(1, (square / (smaller - 1)).squareRoot())
  }

  /// χ² = Σ (observed − expected)² / expected over the cells of the cross table.
  private static func chiSquare(_ left: CategoryCounts, _ right: CategoryCounts) -> Double {
    let width = right.codes.count
    var cells = [Double](repeating: 0, count: left.codes.count * width)
    for (row, column) in zip(left.members, right.members) { cells[row * width + column] += 1 }
    let n = Double(left.members.count)
    return cells.indices.reduce(0) { sum, cell in
      let expected = left.counts[cell / width] * right.counts[cell % width] / n
      return sum + (cells[cell] - expected) * (cells[cell] - expected) / expected
    }
  }

  /// The correlation ratio η of numbers in categories.
  ///
  ///     η = √(Σ n_c (mean_c − mean)² / Σ (x − mean)²)
  ///
  /// - Source: Fisher 1925, Statistical Methods for Research Workers, section 45.
  package static func correlationRatio(of values: [Double], in categories: [Int]) -> Double? {
    precondition(
      values.count == categories.count,
      "expected as many categories as numbers, got \(categories.count) and \(values.count)")
    let groups = CategoryCounts(categories)
    guard let first = values.first, groups.codes.count > 1, values.contains(where: { $0 != first })
    else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    var sums = [Double](repeating: 0, count: groups.codes.count)
    for (value, group) in zip(values, groups.members) { sums[group] += value - mean }
    let between = zip(sums, groups.counts).reduce(0) { $0 + $1.0 * $1.0 / $1.1 }
    let total = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return min(1, (between / total).squareRoot())
  }
}

/// The categories that occur, how often, and which one each sample has.
private struct CategoryCounts {
  /// Ascending.
  let codes: [Int]
  let counts: [Double]
  /// The position of each sample's code in `codes`.
  let members: [Int]

  init(_ values: [Int]) {
    codes = Set(values).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
    members = values.compactMap { positions[$0] }
    var counts = [Double](repeating: 0, count: codes.count)
    for member in members { counts[member] += 1 }
    self.counts = counts
  }
}
