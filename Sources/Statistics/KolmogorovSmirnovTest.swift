import Foundation

/// The test of Kolmogorov and Smirnov whether two samples come from one distribution.
///
///     D = max over x of |F₁(x) − F₂(x)|,   F the share of a sample up to x
///
/// The p-value is the probability of a distance of at least D between two samples of one continuous
/// distribution: exact up to `exactLimit` pairs, and by Kolmogorov's limit distribution beyond.
/// Values that occur more than once keep D right and make the p-value too large, never too small
/// (Noether 1963, Annals of Mathematical Statistics 34).
///
/// - Source: Smirnov 1939, Bulletin of the University of Moscow 2; Hodges 1958, Arkiv för
///   Matematik 3, for the recursion over lattice paths.
package struct KolmogorovSmirnovTest: Hashable, Sendable {
  /// The largest distance D between the two empirical distributions.
  package let statistic: Double
  /// The p-value.
  package let probability: Double
  /// Whether the p-value is exact; if not, it is that of the limit distribution.
  package let isExact: Bool

  /// Up to so many pairs n₁ n₂, the exact p-value takes a few milliseconds.
  package static let exactLimit = 4_000_000

  /// - Precondition: neither sample is empty, and no value is NaN.
  package init(_ first: [Double], _ second: [Double], exactLimit: Int = Self.exactLimit) {
    precondition(
      !first.isEmpty && !second.isEmpty && !first.contains(where: \.isNaN)
        && !second.contains(where: \.isNaN),
      "expected two samples without NaN, got \(first.count) and \(second.count) values")
    let (n1, n2) = (first.count, second.count)
    let distance = Self.largestDistance(first.sorted(), second.sorted())
    statistic = Double(distance) / (Double(n1) * Double(n2))
    isExact = n1.multipliedReportingOverflow(by: n2).overflow ? false : n1 * n2 <= exactLimit
    probability =
      isExact
      ? Self.exactProbability(distance, n1, n2)
      : KolmogorovDistribution.survival(
        statistic * (Double(n1) / Double(n1 + n2) * Double(n2)).squareRoot())
  }

  /// max |i n₂ − j n₁| over the values x, with i and j the numbers of values up to x: n₁ n₂ D.
  private static func largestDistance(_ first: [Double], _ second: [Double]) -> Int {
    var (i, j, largest) = (0, 0, 0)
    while i < first.count, j < second.count {
      let value = min(first[i], second[j])
      while i < first.count, first[i] == value { i += 1 }
      while j < second.count, second[j] == value { j += 1 }
      largest = max(largest, abs(i * second.count - j * first.count))
    }
    return largest
  }

  /// The share of the lattice paths from (0, 0) to (n₁, n₂) that reach |i n₂ − j n₁| ≥ the distance.
  ///
  /// With v(i, j) that share among the paths to (i, j): 1 where the point itself is that far out,
  /// else i / (i + j) · v(i − 1, j) + j / (i + j) · v(i, j − 1). Nothing is subtracted, so that even
  /// the smallest probability keeps its digits.
  private static func exactProbability(_ distance: Int, _ n1: Int, _ n2: Int) -> Double {
    guard distance > 0 else { return 1 }
    var column = (0...n2).map { j in j * n1 >= distance ? 1.0 : 0.0 }
    for i in 1...n1 {
      column[0] = i * n2 >= distance ? 1 : column[0]
      for j in 1...n2 {
        guard abs(i * n2 - j * n1) < distance else {
          column[j] = 1
          continue
        }
        let share = Double(i) / Double(i + j)
        column[j] = share * column[j] + (1 - share) * column[j - 1]
      }
    }
    return min(1, column[n2])
  }
}

/// The limit distribution of √(n₁ n₂ / (n₁ + n₂)) · D.
///
/// - Source: Kolmogorov 1933, Giornale dell'Istituto Italiano degli Attuari 4.
package enum KolmogorovDistribution {
  /// The probability of more than t.
  ///
  ///     2 Σ (−1)ᵏ⁻¹ exp(−2 k² t²),   k = 1, 2, …
  ///
  /// and below t = 1, where that converges slowly, one minus its other form,
  /// √(2π) / t · Σ exp(−(2k − 1)² π² / (8 t²)).
  package static func survival(_ t: Double) -> Double {
    guard t > 0 else { return 1 }
    guard t < 1 else {
      let terms = (1...20).map { k in
        (k % 2 == 1 ? 2.0 : -2.0) * exp(-2 * Double(k * k) * t * t)
      }
      return terms.reduce(0, +)
    }
    let scale = Double.pi * Double.pi / (8 * t * t)
    let sum = stride(from: 1.0, through: 39, by: 2).map { exp(-$0 * $0 * scale) }.reduce(0, +)
    return 1 - (2 * Double.pi).squareRoot() / t * sum
  }
}
