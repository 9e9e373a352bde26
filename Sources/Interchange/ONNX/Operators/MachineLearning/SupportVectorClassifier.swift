import Programs
import Tensors

/// A machine for each pair of classes (i, j), i < j, over the support vectors of both.
///
///     s_ij = Σ_{v of i} c[j − 1, v] k(x, v) + Σ_{v of j} c[i, v] k(x, v) + ρ_ij
///
/// Class i wins where s_ij > 0, else j. The coefficients c are `[K − 1, V]`.
struct SupportVectorClassifier {
  let classes: Int
  let vectorCount: Int
  /// The coefficients of each pair, 0 for the vectors of other classes: `[pairs, V]`.
  private let coefficients: Tensor
  private let rho: Tensor
  private let pairs: [(Int, Int)]

  /// Numbers that are laid out at most for the coefficients of all pairs.
  private static let largestCount = 1 << 26

  init(_ call: ONNXCall, classes: Int) throws {
    let sizes = try call.optionalInts("vectors_per_class") ?? []
    try call.require(
      classes > 1 && sizes.count == classes,
      "has the support vectors of \(sizes.count) classes for \(classes) classes")
    try call.require(
      sizes.allSatisfy { (0...Self.largestCount).contains($0) }, "has counts of vectors \(sizes)")
    let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let count = starts[classes]
    let given = try call.floats("coefficients") ?? []
    try call.require(
      given.count == (classes - 1) * count,
      "has \(given.count) coefficients for \(count) support vectors of \(classes) classes")
    let rho = try call.floats("rho") ?? []
    let pairCount = classes * (classes - 1) / 2
    try call.require(
      rho.count == pairCount, "has \(rho.count) numbers in 'rho' for \(pairCount) pairs")
    let pairs = (0..<classes).flatMap { first in (first + 1..<classes).map { (first, $0) } }
    try call.require(
      pairs.count * count <= Self.largestCount, "has more coefficients than Assay lays out")
    try call.requireTable([pairs.count, count])
    var table = [Float](repeating: 0, count: pairs.count * count)
    for (row, (first, second)) in pairs.enumerated() {
      for vector in starts[first]..<starts[first + 1] {
        table[row * count + vector] = given[(second - 1) * count + vector]
      }
      for vector in starts[second]..<starts[second + 1] {
        table[row * count + vector] = given[first * count + vector]
      }
    }
    self.classes = classes
    self.pairs = pairs
    self.rho = Tensor(rho)
    vectorCount = count
    coefficients = Tensor(table, shape: [pairs.count, count])
  }

  /// The scores s of all pairs from the kernels `[N, V]`: `[N, pairs]`.
  func pairScores(_ kernels: Value) -> Value {
    let builder = kernels.builder
    return kernels.linear(weight: builder.constant(coefficients), bias: builder.constant(rho))
  }

  /// How many pairs each class wins: `[N, K]`.
  func votes(_ scores: Value) -> Value {
    let wins = scores.isGreater(than: scores.scalar(0))
    func places(_ winner: ((Int, Int)) -> Int) -> Value {
      scores.constant(
        Tensor(
          pairs.flatMap { pair in (0..<classes).map { $0 == winner(pair) ? Float(1) : 0 } },
          shape: [pairs.count, classes]))
    }
    return wins.matrixMultiplied(by: places(\.0)) + (1 - wins).matrixMultiplied(by: places(\.1))
  }

  /// Platt's a and b: the first class of a pair has the probability 1 / (1 + e^(a s + b)).
  func platt(_ call: ONNXCall) throws -> (slopes: Value, offsets: Value)? {
    guard let slopes = try call.floats("prob_a"), !slopes.isEmpty else { return nil }
    let offsets = try call.floats("prob_b") ?? []
    try call.require(
      slopes.count == pairs.count && offsets.count == pairs.count,
      "has \(slopes.count) and \(offsets.count) numbers in 'prob_a' and 'prob_b' "
        + "for \(pairs.count) pairs")
    return (call.constant(Tensor(slopes)), call.constant(Tensor(offsets)))
  }
}

/// Probabilities of K classes from those of each pair.
///
/// The p that minimises Σ_ij (r_ji p_i − r_ij p_j)² with Σ p = 1, by the iteration of the paper and
/// with the tolerance of LIBSVM: |(Q p)_i − pᵀ Q p| < 0.005 / K for all i. A sample that has come
/// that far stays as it is, as in other implementations.
///
/// - Source: Wu, Lin and Weng 2004, "Probability Estimates for Multi-class Classification by
///   Pairwise Coupling", JMLR 5, algorithm 2.
struct PairwiseCoupling {
  let classes: Int

  /// Sweeps over the classes: the worst of 240,000 random samples of 2 to 10 classes, with
  /// probabilities as near to 0 and 1 as they get, needed four.
  private static let sweepCount = 8

  /// - Parameter first: r_ij, the probability of the first class of each pair: `[N, pairs]`.
  /// - Returns: The probabilities `[N, K]`.
  func probabilities(first: Value) -> Value {
    let margin = 1e-7
    let r = matrix(first.clamped(from: first.scalar(margin), to: first.scalar(1 - margin)))
    let opposite = r.transposed([0, 2, 1])
    let identity = r.constant(
      Tensor(
        (0..<classes * classes).map { $0 % (classes + 1) == 0 ? Float(1) : 0 },
        shape: [classes, classes]))
    let diagonal = opposite.squared().sum(over: [2], keepingDimensions: true)
    let q = diagonal * identity - r * opposite
    var p = (r.sum(over: [2]) * 0) + 1 / Double(classes)
    for _ in 0..<Self.sweepCount { p = swept(p, q) }
    return p
  }

  /// r with r_ji = 1 − r_ij and 0 on the diagonal: `[N, K, K]`.
  private func matrix(_ first: Value) -> Value {
    let pairs = (0..<classes).flatMap { i in (i + 1..<classes).map { (i, $0) } }
    let zero = first.slice(axis: 1, 0..<1) * 0
    let all = Value.concatenated([first, 1 - first, zero], axis: 1)
    var places = [Int64](repeating: Int64(2 * pairs.count), count: classes * classes)
    for (index, (i, j)) in pairs.enumerated() {
      places[i * classes + j] = Int64(index)
      places[j * classes + i] = Int64(pairs.count + index)
    }
    let rows = first.builder.constant(Tensor(places, shape: [classes, classes]))
    return all.gather(rows, axis: 1)
  }

  /// One sweep: each pᵢ in turn is made optimal, and p is scaled to sum to 1.
  private func swept(_ start: Value, _ q: Value) -> Value {
    var p = start
    var product = (q * p.expanded(axis: 1)).sum(over: [2])
    var energy = (p * product).sum(over: [1], keepingDimensions: true)
    let error = (product - energy).absoluteValue().maximum(over: [1], keepingDimensions: true)
    let isDone = error.compare(.less, error.scalar(0.005 / Double(classes)))
    for index in 0..<classes {
      let row = q.select(axis: 1, index)
      let entry = row.slice(axis: 1, index..<index + 1)
      let component = product.slice(axis: 1, index..<index + 1)
      let step = (energy - component) / entry
      let scale = step + 1
      let unit = p.constant(Tensor((0..<classes).map { Float($0 == index ? 1 : 0) }))
      p = (p + step * unit) / scale
      energy = (energy + step * (step * entry + component * 2)) / scale / scale
      product = (product + step * row) / scale
    }
    return isDone.select(start, p)
  }
}
