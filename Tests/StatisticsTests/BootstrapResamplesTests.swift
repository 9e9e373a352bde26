import Testing

@testable import Statistics

@Suite("Resamples that statistics share")
struct BootstrapResamplesTests {
  @Test("are those that one statistic alone has")
  func sameDraws() throws {
    let values = (0..<60).map { Double(($0 * 37) % 61) }
    func mean(_ indices: [Int]) -> Double {
      indices.reduce(0) { $0 + values[$1] } / Double(indices.count)
    }
    let bootstrap = Bootstrap(resamples: 200, seed: 9)
    var means: [Double] = []
    bootstrap.forEachResample(count: 60, purpose: "test") { means.append(mean($0)) }
    let expected = try #require(bootstrap.interval(count: 60, purpose: "test") { mean($0) })
    let found = try #require(bootstrap.interval(of: means))
    #expect(found == expected)
    let estimate = IntervalEstimate(
      value: 30, resampled: means, count: 60, bootstrap: bootstrap)
    #expect(estimate.lower == expected.lower && estimate.upper == expected.upper)
    #expect(estimate.method == "percentile bootstrap, 200 resamples, seed 9")
  }

  @Test("give no interval where there is nothing")
  func nothing() {
    let bootstrap = Bootstrap(resamples: 5)
    var calls = 0
    bootstrap.forEachResample(count: 0, purpose: "test") { _ in calls += 1 }
    #expect(calls == 0 && bootstrap.interval(of: []) == nil)
    #expect(
      IntervalEstimate(value: nil, resampled: [1], count: 3, bootstrap: bootstrap).lower == nil)
  }
}
