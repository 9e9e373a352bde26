import Statistics
import Tensors

/// The categories of a feature in an order in which neighbours are alike in all other features.
///
/// The distance of two categories is the sum over the other features of how far apart their
/// distributions are: Kolmogorov and Smirnov's largest difference for numbers, half the sum of
/// differences for categories. The order is that of the first principal coordinate.
///
/// Deviates from the authors' R package ALEPlot in that distributions are compared at every value,
/// not at a hundred quantiles.
///
/// - Source: Apley and Zhu 2020, arXiv:1612.08468.
struct CategoryOrder: Sendable {
  /// The codes that occur, in order.
  let codes: [Int]

  /// - Parameters:
  ///   - feature: Whose categories are to be ordered.
  ///   - features: All of the table.
  ///   - columns: The raw values of all features.
  init(of feature: Int, among features: [Feature], columns: [[Double]]) {
    let members = columns[feature].map { Int($0) }
    let codes = Set(members).sorted()
    guard codes.count > 2 else {
      self.codes = codes
      return
    }
    let positions = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
    let categories = Categories(
      members: members.compactMap { positions[$0] }, count: codes.count)
    var distances = [[Double]](
      repeating: [Double](repeating: 0, count: codes.count), count: codes.count)
    for other in features.indices where other != feature {
      let isCategorical = features[other].kind == .categorical
      categories.add(
        isCategorical
          ? categories.halfSums(columns[other]) : categories.largestDifferences(columns[other]),
        to: &distances)
    }
    let places = ClassicalScaling.firstCoordinates(of: distances)
    self.codes = codes.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { codes[$0] }
  }
}

/// Distributions of other values within each category.
private struct Categories {
  /// The category of each sample.
  let members: [Int]
  let count: Int

  private var sizes: [Double] {
    members.reduce(into: [Double](repeating: 0, count: count)) { $0[$1] += 1 }
  }

  func add(_ more: [[Double]], to distances: inout [[Double]]) {
    for row in distances.indices {
      for column in distances.indices { distances[row][column] += more[row][column] }
    }
  }

  /// The share of each category's samples at each value, a row a value in ascending order.
  private func shares(_ values: [Double]) -> [[Double]] {
    let distinct = Set(values).sorted()
    let rows = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
    let sizes = self.sizes
    var shares = [[Double]](repeating: [Double](repeating: 0, count: count), count: distinct.count)
    for (value, member) in zip(values, members) {
      if let row = rows[value] { shares[row][member] += 1 / sizes[member] }
    }
    return shares
  }

  /// Between each two categories ½ Σ |p − q|.
  func halfSums(_ values: [Double]) -> [[Double]] {
    accumulated(shares(values)) { $0 + $1 / 2 }
  }

  /// Between each two categories max |F − G| of the cumulative shares.
  func largestDifferences(_ values: [Double]) -> [[Double]] {
    var sum = [Double](repeating: 0, count: count)
    let cumulative = shares(values).map { row in
      for category in row.indices { sum[category] += row[category] }
      return sum
    }
    return accumulated(cumulative) { max($0, $1) }
  }

  private func accumulated(
    _ rows: [[Double]], _ combine: (Double, Double) -> Double
  ) -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for row in rows {
      for first in 0..<count {
        for second in 0..<count {
          result[first][second] = combine(result[first][second], abs(row[first] - row[second]))
        }
      }
    }
    return result
  }
}
