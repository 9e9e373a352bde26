/// Clusters of items by the mean distance between their members.
///
/// The two clusters with the smallest mean distance are joined, again and again, until it exceeds
/// a limit. Among equal distances the pair with the earliest items is joined.
///
/// - Source: Sokal and Michener 1958, "A statistical method for evaluating systematic
///   relationships" (UPGMA); the update is that of Lance and Williams 1967.
package enum AverageLinkage {
  /// The clusters that are left when no two are at most `limit` apart.
  ///
  /// - Parameters:
  ///   - distances: A symmetric matrix, a row an item.
  ///   - limit: The largest mean distance at which clusters are joined.
  /// - Returns: The items of each cluster, ascending; clusters by their first item.
  /// - Complexity: O(n²) for each joining.
  package static func clusters(_ distances: [[Double]], limit: Double) -> [[Int]] {
    precondition(
      distances.allSatisfy { $0.count == distances.count },
      "expected a square matrix, got rows of \(distances.map(\.count))")
    var distances = distances
    var clusters = distances.indices.map { [$0] }
    while let (first, second) = closest(distances), distances[first][second] <= limit {
      let (a, b) = (Double(clusters[first].count), Double(clusters[second].count))
      for other in clusters.indices {
        let joined = (a * distances[first][other] + b * distances[second][other]) / (a + b)
        distances[first][other] = joined
        distances[other][first] = joined
      }
      clusters[first] += clusters[second]
      clusters.remove(at: second)
      distances.remove(at: second)
      for row in distances.indices { distances[row].remove(at: second) }
    }
    return clusters.map { $0.sorted() }
  }

  /// The pair with the smallest distance, first < second; nil for fewer than two.
  private static func closest(_ distances: [[Double]]) -> (Int, Int)? {
    guard distances.count > 1 else { return nil }
    var best = (0, 1)
    for first in distances.indices {
      for second in first + 1..<distances.count
      where distances[first][second] < distances[best.0][best.1] { best = (first, second) }
    }
    return best
  }
}
