/// Which bin each sample's confidence belongs to.
package struct ConfidenceBins: Hashable, Sendable {
  /// Ascending, one more than there are bins.
  package let edges: [Double]
  /// The bin of each sample.
  package let positions: [Int]

  package var count: Int { edges.count - 1 }

  /// Bins of equal width over [0, 1]; an edge belongs to the bin above it, 1 to the last bin.
  package init(equalWidth confidences: [Double], count: Int = 10) {
    edges = (0...count).map { Double($0) / Double(count) }
    positions = confidences.map { max(0, min(Int($0 * Double(count)), count - 1)) }
  }

  /// Bins of about as many samples each: their edges are quantiles of the confidences.
  ///
  /// An edge belongs to the bin below it, as in scikit-learn's `calibration_curve`. Samples of the
  /// same confidence are never parted, so that bins can differ in size and be empty.
  package init(equalMass confidences: [Double], count: Int = 10) {
    let sorted = confidences.sorted()
    let edges = (0...count).map { position in
      sorted.isEmpty
        ? Double(position) / Double(count)
        : Bootstrap.quantile(sorted, Double(position) / Double(count))
    }
    let inner = edges[1..<count]
    self.edges = edges
    positions = confidences.map { confidence in inner.count { $0 < confidence } }
  }
}
