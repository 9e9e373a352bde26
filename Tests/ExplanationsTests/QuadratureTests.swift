import Foundation
import Tensors
import Testing

@Suite("Quadrature")
struct QuadratureTests {
  @Test("three nodes lie where the rules say")
  func threeNodes() {
    let root = 0.6.squareRoot()
    let positions: [Quadrature: [Double]] = [
      .left: [0, 1.0 / 3, 2.0 / 3], .right: [1.0 / 3, 2.0 / 3, 1],
      .midpoint: [1.0 / 6, 0.5, 5.0 / 6], .trapezoid: [0, 0.5, 1],
      .gaussLegendre: [(1 - root) / 2, 0.5, (1 + root) / 2],
    ]
    for (rule, expected) in positions {
      let found = rule.nodes(count: 3).map(\.position)
      #expect(agree(found, expected, tolerance: 1e-15))
    }
    let gauss: [Double] = [5.0 / 18, 8.0 / 18, 5.0 / 18]
    let weights = Quadrature.gaussLegendre.nodes(count: 3).map(\.weight)
    #expect(agree(weights, gauss, tolerance: 1e-15))
    #expect(Quadrature.trapezoid.nodes(count: 3).map(\.weight) == [0.25, 0.5, 0.25])
  }

  @Test("weights sum to 1 for every number of nodes", arguments: Quadrature.allCases)
  func weights(_ rule: Quadrature) {
    for count in [rule.minimumCount, 2, 5, 64, 333, 1024] {
      let nodes = rule.nodes(count: count)
      #expect(abs(nodes.reduce(0) { $0 + $1.weight } - 1) < 1e-13)
      #expect(zip(nodes, nodes.dropFirst()).allSatisfy { $0.position < $1.position })
      #expect(nodes.allSatisfy { (0...1).contains($0.position) && $0.weight > 0 })
    }
  }

  @Test("Gauss-Legendre integrates powers up to 2n - 1 to the last bits")
  func degree() {
    for count in [1, 2, 3, 7, 20, 50] {
      let nodes = Quadrature.gaussLegendre.nodes(count: count)
      for power in 0..<2 * count {
        let integral = nodes.reduce(0) { $0 + $1.weight * pow($1.position, Double(power)) }
        #expect(abs(integral * Double(power + 1) - 1) < 1e-12, "n = \(count), x^\(power)")
      }
      let next = nodes.reduce(0) { $0 + $1.weight * pow($1.position, Double(2 * count)) }
      if count <= 3 { #expect(abs(next * Double(2 * count + 1) - 1) > 1e-4) }
    }
  }
}
