import Foundation

/// Comparisons of two attributions as vectors; nil is "undefined", never 0.
package enum VectorComparison {
  /// Pearson's r; undefined where either is constant.
  package static func pearson(_ a: [Double], _ b: [Double]) -> Double? {
    precondition(a.count == b.count, "expected as many numbers, got \(a.count) and \(b.count)")
    // Compared, not computed: a rounded mean would leave a constant with a tiny variance.
    guard let first = a.first, let second = b.first, a.contains(where: { $0 != first }),
      b.contains(where: { $0 != second })
    else { return nil }
    let (x, y) = (centred(a), centred(b))
    return cosine(x, y)
  }

  /// Spearman's ρ: Pearson's r of the ranks, equal numbers sharing their mean rank.
  package static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
    pearson(ranks(a), ranks(b))
  }

  /// a·b / (‖a‖ ‖b‖); undefined where either is zero.
  package static func cosine(_ a: [Double], _ b: [Double]) -> Double? {
    // Scaled, so that the squares of tiny attributions do not underflow.
    guard let x = scaled(a), let y = scaled(b) else { return nil }
    let product = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    return max(-1, min(1, product / (length(x) * length(y))))
  }

  /// ‖b − a‖₂ / ‖a‖₂; undefined where a is zero.
  package static func relativeDistance(from a: [Double], to b: [Double]) -> Double? {
    let reference = length(a)
    return reference > 0 ? length(zip(a, b).map { $1 - $0 }) / reference : nil
  }

  /// ‖a‖₂.
  package static func length(_ a: [Double]) -> Double {
    let largest = a.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    return largest * a.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }

  /// The share that the k largest of both have in common; ties go to the first index.
  package static func topOverlap(_ a: [Double], _ b: [Double], count: Int) -> Double {
    let top = { (values: [Double]) in Set(descendingOrder(values).prefix(count)) }
    return Double(top(a).intersection(top(b)).count) / Double(count)
  }

  /// The indices from the largest to the smallest number; equal ones in order of their index.
  package static func descendingOrder(_ values: [Double]) -> [Int] {
    values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
  }

  /// Ranks 1, 2, … in ascending order; equal numbers share their mean rank.
  package static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  private static func centred(_ a: [Double]) -> [Double] {
    let mean = a.reduce(0, +) / Double(a.count)
    return a.map { $0 - mean }
  }

  private static func scaled(_ a: [Double]) -> [Double]? {
    let largest = a.reduce(0) { max($0, abs($1)) }
    return largest > 0 ? a.map { $0 / largest } : nil
  }
}

/// How concentrated one attribution is; undefined (nil) where all of it is zero.
package enum Concentration {
  /// The Gini coefficient of |a|: 0 for equal magnitudes, 1 − 1/n for a single one.
  ///
  ///     Σ (2i − n − 1) |a|₍ᵢ₎ / (n Σ |a|), magnitudes ascending
  ///
  /// - Source: Chalasani et al. 2020, arXiv:1810.06583.
  package static func gini(_ a: [Double]) -> Double? {
    let sorted = a.map { abs($0) }.sorted()
    let sum = sorted.reduce(0, +)
    guard sum > 0 else { return nil }
    let n = Double(sorted.count)
    let weighted = sorted.enumerated().reduce(0) { $0 + (2 * Double($1.0 + 1) - n - 1) * $1.1 }
    return weighted / (n * sum)
  }

  /// The entropy of the magnitudes' shares, in nats: 0 for a single one, ln n for equal ones.
  ///
  ///     −Σ p ln p,   p = |a| / Σ |a|
  ///
  /// - Source: Bhatt et al. 2020, arXiv:2005.00631, section 3.4.
  package static func entropy(_ a: [Double]) -> Double? {
    let sum = a.reduce(0) { $0 + abs($1) }
    guard sum > 0 else { return nil }
    let terms = a.map { abs($0) / sum }.filter { $0 > 0 }.map { -$0 * log($0) }
    return terms.reduce(0, +)
  }
}
