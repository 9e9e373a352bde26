import Testing

@testable import Statistics

@Suite("Normal distribution")
struct NormalDistributionTests {
  private struct Point: Decodable {
    let x, probability: Double
  }

  @Test("probabilities and quantiles are SciPy's, far into the tails")
  func recorded() throws {
    for point in try RecordedStatistics.read("normal", as: [Point].self) {
      let probability = NormalDistribution.cumulative(point.x)
      // The relative condition of Φ in a tail is x²: 37² roundings of 1e-16.
      #expect(
        RecordedStatistics.agree(probability, point.probability, relative: 1e-12), "\(point)")
      guard point.x < 5 else { continue }
      let x = NormalDistribution.quantile(point.probability)
      #expect(abs(x - point.x) < 1e-12 * max(1, abs(point.x)), "\(point)")
    }
  }

  @Test("the ends are infinite and the middle is nought")
  func ends() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(abs(NormalDistribution.quantile(0.5)) < 1e-16)
    #expect(NormalDistribution.cumulative(.infinity) == 1)
  }
}
