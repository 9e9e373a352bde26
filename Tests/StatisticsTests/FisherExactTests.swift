import Testing

@testable import Statistics

@Suite("Fisher's exact test")
struct FisherExactTests {
  private struct Recorded: Decodable {
    struct Table: Decodable {
      let counts: [Int]
      let probability: Double
    }

    let fisher: [Table]
  }

  private func probability(_ counts: [Int]) -> Double {
    FisherExactTest(
      successes: counts[0], of: counts[1], otherSuccesses: counts[2], of: counts[3]
    ).probability
  }

  @Test("p-values are SciPy's")
  func recorded() throws {
    for table in try RecordedStatistics.read("groups", as: Recorded.self).fisher {
      let found = probability(table.counts)
      #expect(RecordedStatistics.agree(found, table.probability, relative: 1e-9), "\(table)")
    }
  }

  @Test("groups and outcomes may be exchanged, and empty groups show nothing")
  func symmetry() {
    let table = probability([7, 12, 3, 19])
    #expect(RecordedStatistics.agree(probability([3, 19, 7, 12]), table, relative: 1e-12))
    #expect(RecordedStatistics.agree(probability([5, 12, 16, 19]), table, relative: 1e-12))
    #expect(probability([0, 0, 3, 9]) == 1)
    #expect(probability([4, 4, 9, 9]) == 1)
  }

  @Test("the tea that Fisher's lady tasted: 3 of 4 against 1 of 4 has the p-value 34 / 70")
  func tea() {
    #expect(abs(probability([3, 4, 1, 4]) - 34.0 / 70) < 1e-15)
    #expect(abs(probability([4, 4, 0, 4]) - 2.0 / 70) < 1e-15)
  }
}
