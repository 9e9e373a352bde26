import Foundation

/// The population stability index: how far the shares of bins have moved from a reference.
///
///     PSI = Σ over bins of (q − p) ln(q / p)
///
/// with p a bin's share of the reference and q its share of the other sample: the sum of both
/// Kullback and Leibler divergences. A bin that is empty in one sample counts there as half a
/// sample, so that the logarithm stays finite; a bin that is empty in both is left out. Below 0.1
/// is called stable and above 0.25 shifted by convention of credit scoring, not by any test.
///
/// - Source: Kullback and Leibler 1951, Annals of Mathematical Statistics 22; Siddiqi 2006, Credit
///   Risk Scorecards, for the bounds; Yurdakul 2018, dissertation, Western Michigan University, for
///   its distribution.
package struct PopulationStability: Hashable, Sendable {
  package let value: Double
  /// What two samples of these sizes from one population have on average.
  ///
  ///     (B − 1) (1 / n + 1 / m),   B the number of bins that are not empty in both
  package let expectedByChance: Double

  /// - Precondition: there are as many counts of each, none negative, and neither sample is empty.
  package init(reference: [Int], other: [Int]) {
    let (n, m) = (Double(reference.reduce(0, +)), Double(other.reduce(0, +)))
    precondition(
      reference.count == other.count && n > 0 && m > 0
        && (reference + other).allSatisfy { $0 >= 0 },
      "expected counts of two samples in the same bins, got \(reference) and \(other)")
    let bins = zip(reference, other).filter { $0 > 0 || $1 > 0 }
    value = bins.reduce(0) { sum, bin in
      let p = max(Double(bin.0), 0.5) / n
      let q = max(Double(bin.1), 0.5) / m
      return sum + (q - p) * log(q / p)
    }
    expectedByChance = Double(bins.count - 1) * (1 / n + 1 / m)
  }
}

/// Bins of about equal shares of a reference: (−∞, e₁], (e₁, e₂], …, (e_k, ∞), none of them empty.
package struct QuantileBins: Hashable, Sendable {
  /// The inner edges, ascending and each once; fewer than asked for where values repeat.
  package let edges: [Double]

  /// - Parameters:
  ///   - reference: Values of which none is NaN; at least one.
  ///   - binCount: How many bins there are at most.
  package init(of reference: [Double], binCount: Int = 10) {
    precondition(
      !reference.isEmpty && binCount > 0 && !reference.contains(where: \.isNaN),
      "expected values without NaN and bins, got \(reference.count) values, \(binCount) bins")
    let sorted = reference.sorted()
    var edges: [Double] = []
    for index in 1..<max(binCount, 2) where index < binCount {
      // A value of the reference itself, so that no bin is without any (type 1 of Hyndman, Fan 1996).
      let edge = sorted[max(0, (index * sorted.count + binCount - 1) / binCount - 1)]
      if edge < sorted[sorted.count - 1], edges.last.map({ $0 < edge }) ?? true {
        edges.append(edge)
      }
    }
    self.edges = edges
  }

  package var count: Int { edges.count + 1 }

  /// The bin of a value, by bisection.
  package func index(of value: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if value <= edges[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// How many of the values lie in each bin.
  package func counts(of values: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for value in values { counts[index(of: value)] += 1 }
    return counts
  }
}
