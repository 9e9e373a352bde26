import Foundation
import Tensors

extension Norm {
  /// A vector uniform in the unit ball of `dimension` numbers.
  ///
  ///     L∞: uniform per coordinate;   L2: normal / ‖normal‖₂ · U^(1/d);
  ///     L1: Laplace / ‖Laplace‖₁ · U^(1/d)
  func pointInBall(_ dimension: Int, using random: inout RandomStream) -> [Double] {
    guard self != .linf else { return (0..<dimension).map { _ in 2 * random.uniform() - 1 } }
    let radius = pow(random.uniform(), 1 / Double(max(dimension, 1)))
    return pointOnSphere(dimension, using: &random).map { $0 * radius }
  }

  /// A vector of length 1: uniform on the sphere of L2 and L1, a point of the cube for L∞.
  private func pointOnSphere(_ dimension: Int, using random: inout RandomStream) -> [Double] {
    let point = (0..<dimension).map { _ in
      self == .l1 ? random.sign() * -log(1 - random.uniform()) : random.normal()
    }
    let length =
      self == .l1
      ? point.reduce(0) { $0 + abs($1) } : point.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return point.map { $0 / max(length, .leastNormalMagnitude) }
  }

  /// A vector of length 1: a uniform point, stretched until it touches the surface of the ball.
  func pointOnSurface(_ dimension: Int, using random: inout RandomStream) -> [Double] {
    guard self == .linf else { return pointOnSphere(dimension, using: &random) }
    let point = pointInBall(dimension, using: &random)
    let largest = point.reduce(.leastNormalMagnitude) { max($0, abs($1)) }
    return point.map { $0 / largest }
  }

  /// A point as far out as the ball reaches: a corner of L∞ or L1, a point of the L2 sphere.
  func extremePoint(_ dimension: Int, using random: inout RandomStream) -> [Double] {
    switch self {
    case .linf: return (0..<dimension).map { _ in random.sign() }
    case .l2: return pointOnSphere(dimension, using: &random)
    case .l1:
      var point = [Double](repeating: 0, count: dimension)
      guard dimension > 0 else { return point }
      point[random.index(below: dimension)] = random.sign()
      return point
    }
  }
}

extension RandomStream {
  /// −1 or 1.
  mutating func sign() -> Double { next() & 1 == 0 ? -1 : 1 }

  /// A whole number from 0 up to, not including, the count.
  mutating func index(below count: Int) -> Int { min(Int(uniform() * Double(count)), count - 1) }
}
