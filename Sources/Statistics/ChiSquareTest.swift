import Foundation

/// Pearson's test whether several samples have the same shares of each category.
///
///     X² = Σ (observed − expected)² / expected,   expected = row sum · column sum / total
///
/// The p-value is that of the χ² distribution with (rows − 1)(columns − 1) degrees of freedom,
/// without a correction of continuity. Categories and samples without any observation are left out.
///
/// - Source: Pearson 1900, Philosophical Magazine 50.
package struct ChiSquareTest: Hashable, Sendable {
  package let statistic: Double
  package let degreesOfFreedom: Int
  /// The p-value; 1 where there is nothing to compare.
  package let probability: Double
  /// The smallest expected count; below 5 the p-value is rough (Cochran 1954, Biometrics 10).
  package let leastExpected: Double

  /// - Parameter counts: A row a sample, a column a category.
  /// - Precondition: rows have one length, and no count is negative.
  package init(_ counts: [[Int]]) {
    let width = counts.first?.count ?? 0
    precondition(
      counts.allSatisfy { row in row.count == width && row.allSatisfy { $0 >= 0 } },
      "expected rows of \(width) counts, none negative, got \(counts)")
    let columns = (0..<width).filter { column in counts.contains { $0[column] > 0 } }
    let rows = counts.map { row in columns.map { Double(row[$0]) } }.filter { $0.reduce(0, +) > 0 }
    let total = rows.joined().reduce(0, +)
    let rowSums = rows.map { $0.reduce(0, +) }
    let columnSums = columns.indices.map { column in rows.reduce(0) { $0 + $1[column] } }
    var sum = 0.0
    var least = Double.infinity
    for (row, rowSum) in zip(rows, rowSums) {
      for (observed, columnSum) in zip(row, columnSums) {
        let expected = rowSum * columnSum / total
        sum += (observed - expected) * (observed - expected) / expected
        least = min(least, expected)
      }
    }
    statistic = sum
    degreesOfFreedom = max(rows.count - 1, 0) * max(columns.count - 1, 0)
    probability =
      degreesOfFreedom == 0
      ? 1 : IncompleteGamma.upper(Double(degreesOfFreedom) / 2, statistic / 2)
    leastExpected = least.isFinite ? least : 0
  }
}

/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x).
///
///     P(a, x) = 1 / Γ(a) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt
///
/// By the series 6.5.29 of Abramowitz and Stegun 1964 below a + 1, and by their continued fraction
/// 6.5.31, evaluated as Lentz (1976) did, above: each converges fast there.
package enum IncompleteGamma {
  /// Q(a, x), to about thirteen digits.
  ///
  /// - Precondition: a > 0 and x ≥ 0.
  package static func upper(_ a: Double, _ x: Double) -> Double {
    precondition(a > 0 && x >= 0, "expected a > 0 and x ≥ 0, got \(a) and \(x)")
    guard x > 0 else { return 1 }
    guard x.isFinite else { return 0 }
    let factor = exp(a * log(x) - x - lgamma(a))
    return x < a + 1 ? 1 - factor * series(a, x) : factor * fraction(a, x)
  }

  /// Σ xⁿ / (a (a + 1) … (a + n)), n = 0, 1, ….
  private static func series(_ a: Double, _ x: Double) -> Double {
    var term = 1 / a
    var sum = term
    var denominator = a
    while term > sum * 1e-17 {
      denominator += 1
      term *= x / denominator
      sum += term
    }
    return sum
  }

  private static func fraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var numerator = 1 / tiny
    var denominator = 1 / b
    var result = denominator
    for step in 1...100_000 {
      let n = Double(step)
      let coefficient = n * (a - n)
      b += 2
      let below = coefficient * denominator + b
      denominator = 1 / (abs(below) < tiny ? tiny : below)
      let above = b + coefficient / numerator
      numerator = abs(above) < tiny ? tiny : above
      let factor = numerator * denominator
      result *= factor
      if abs(factor - 1) < 1e-15 { break }
    }
    return result
  }
}
