import Foundation

/// A rule for the mean of a function over [0, 1]: positions and weights that sum to 1.
public enum Quadrature: String, Codable, Hashable, Sendable, CaseIterable {
  /// Positions 0, 1/n, …, (n − 1)/n.
  case left
  /// Positions 1/n, 2/n, …, 1.
  case right
  /// Positions (i + ½)/n.
  case midpoint
  /// Positions i/(n − 1) with half weights at both ends; needs two nodes.
  case trapezoid
  /// The zeros of the Legendre polynomial of degree n: exact for polynomials of degree 2n − 1.
  case gaussLegendre = "gauss-legendre"

  /// Where a function is evaluated, and how much its value counts.
  public struct Node: Hashable, Sendable {
    public let position: Double
    public let weight: Double
  }

  /// The fewest nodes that make a rule.
  public var minimumCount: Int { self == .trapezoid ? 2 : 1 }

  /// The nodes in ascending order.
  ///
  ///     ∫₀¹ f(t) dt ≈ Σ weight · f(position)
  ///
  /// - Precondition: there are at least `minimumCount`.
  public func nodes(count: Int) -> [Node] {
    precondition(
      count >= minimumCount, "\(rawValue) expects at least \(minimumCount) nodes, got \(count)")
    let n = Double(count)
    let even = { (offset: Double) in
      (0..<count).map { Node(position: (Double($0) + offset) / n, weight: 1 / n) }
    }
    switch self {
    case .left: return even(0)
    case .right: return even(1)
    case .midpoint: return even(0.5)
    case .trapezoid:
      return (0..<count).map { index in
        let isEnd = index == 0 || index == count - 1
        return Node(position: Double(index) / (n - 1), weight: (isEnd ? 0.5 : 1) / (n - 1))
      }
    case .gaussLegendre: return Quadrature.gaussLegendre(count: count)
    }
  }

  /// The zeros of P by Newton's method from Tricomi's estimate, moved from [−1, 1] to [0, 1].
  ///
  ///     α = (1 + ξ)/2;   w = 1 / ((1 − ξ²) P′(ξ)²)
  private static func gaussLegendre(count: Int) -> [Node] {
    var nodes = [Node](repeating: Node(position: 0.5, weight: 1), count: count)
    for index in 0..<(count + 1) / 2 {
      var zero = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      // Newton converges quadratically: five rounds reach the last bit for any n; ten are safe.
      for _ in 0..<10 {
        let (value, slope) = legendre(degree: count, at: zero)
        zero -= value / slope
      }
      if 2 * index + 1 == count { zero = 0 }
      let slope = legendre(degree: count, at: zero).slope
      let weight = 1 / ((1 - zero * zero) * slope * slope)
      nodes[index] = Node(position: (1 - zero) / 2, weight: weight)
      nodes[count - 1 - index] = Node(position: (1 + zero) / 2, weight: weight)
    }
    return nodes
  }

  /// P and its derivative, by the three-term recurrence.
  ///
  ///     k P_k = (2k − 1) x P_{k−1} − (k − 1) P_{k−2};   (x² − 1) P′_n = n (x P_n − P_{n−1})
  private static func legendre(degree: Int, at x: Double) -> (value: Double, slope: Double) {
    var previous = 1.0
    var value = x
    for index in 1..<degree {
      let k = Double(index + 1)
      (previous, value) = (value, ((2 * k - 1) * x * value - (k - 1) * previous) / k)
    }
    return (value, Double(degree) * (x * value - previous) / (x * x - 1))
  }
}
