import Testing

@testable import Statistics

@Suite("Detectable difference")
struct DetectableDifferenceTests {
  private struct Recorded: Decodable {
    struct Row: Decodable {
      let rate: Double
      let count, otherCount: Int
      let difference: Double
    }

    let detectable: [Row]
  }

  @Test("is where the power is 80 % by statsmodels")
  func recorded() throws {
    for row in try RecordedStatistics.read("groups", as: Recorded.self).detectable {
      let found = try #require(
        DetectableDifference().smallest(
          rate: row.rate, count: row.count, otherCount: row.otherCount))
      #expect(RecordedStatistics.agree(found, row.difference, relative: 1e-9), "\(row)")
    }
  }

  @Test("too few samples detect nothing, and more detect less")
  func undetectable() {
    #expect(DetectableDifference().smallest(rate: 0.5, count: 1, otherCount: 1_000) == nil)
    #expect(DetectableDifference().smallest(rate: 0.5, count: 0, otherCount: 1_000) == nil)
    let differences = [30, 100, 1_000].map {
      DetectableDifference().smallest(rate: 0.8, count: $0, otherCount: 1_000) ?? 1
    }
    #expect(differences == differences.sorted(by: >) && differences[2] < 0.06)
  }
}
