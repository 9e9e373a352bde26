import Foundation
import Testing

@testable import Statistics

/// `fixtures/statistics/drift.json`.
private struct RecordedDrift: Decodable {
  struct Pair: Decodable {
    let name: String
    let first: [Double]
    let second: [Double]
    let statistic: Double
    let exact: Double
    let limit: Double
  }
  struct Counts: Decodable {
    let counts: [[Int]]
    let statistic: Double
    let degrees: Int
    let probability: Double
    let leastExpected: Double
  }
  struct Gamma: Decodable {
    let a: Double
    let x: Double
    let upper: Double
  }
  struct Stability: Decodable {
    let reference: [Int]
    let other: [Int]
    let value: Double
  }
  let kolmogorovSmirnov: [Pair]
  let chiSquare: [Counts]
  let gamma: [Gamma]
  let stability: [Stability]

  static func read() throws -> RecordedDrift {
    try RecordedStatistics.read("drift", as: RecordedDrift.self)
  }
}

@Suite("Tests of two samples")
struct DriftStatisticsTests {
  @Test("Kolmogorov's and Smirnov's distance and exact p-value are SciPy's, ties included")
  func exactKolmogorovSmirnov() throws {
    for pair in try RecordedDrift.read().kolmogorovSmirnov {
      let test = KolmogorovSmirnovTest(pair.first, pair.second)
      #expect(test.isExact)
      #expect(abs(test.statistic - pair.statistic) < 1e-14, "\(pair.name)")
      #expect(
        RecordedStatistics.agree(test.probability, pair.exact, relative: 1e-10),
        "\(pair.name): \(test.probability), SciPy \(pair.exact)")
    }
  }

  @Test("Where samples are large the p-value is Kolmogorov's limit, as SciPy computes it")
  func limitDistribution() throws {
    for pair in try RecordedDrift.read().kolmogorovSmirnov {
      let test = KolmogorovSmirnovTest(pair.first, pair.second, exactLimit: 0)
      #expect(!test.isExact)
      #expect(
        RecordedStatistics.agree(test.probability, pair.limit, relative: 1e-11),
        "\(pair.name): \(test.probability), SciPy \(pair.limit)")
    }
  }

  @Test("The exact p-value is the share of all arrangements that are as far apart")
  func arrangements() {
    // All ways to choose which 4 of 9 ranks belong to the first sample.
    let ranks = 0..<9
    let choices = (0..<512).filter { $0.nonzeroBitCount == 4 }
    func distance(_ mask: Int) -> Double {
      let split = (ranks.filter { mask >> $0 & 1 == 1 }, ranks.filter { mask >> $0 & 1 == 0 })
      return ranks.map { rank in
        abs(
          Double(split.0.count { $0 <= rank }) / 4 - Double(split.1.count { $0 <= rank }) / 5)
      }.max() ?? 0
    }
    for mask in choices.filter({ $0 % 5 == 0 }) {
      let first = ranks.filter { mask >> $0 & 1 == 1 }.map(Double.init)
      let second = ranks.filter { mask >> $0 & 1 == 0 }.map(Double.init)
      let asFar = choices.count { distance($0) >= distance(mask) - 1e-12 }
      let test = KolmogorovSmirnovTest(first, second)
      #expect(abs(test.probability - Double(asFar) / Double(choices.count)) < 1e-13)
    }
  }

  @Test("Both forms of Kolmogorov's limit agree where they meet")
  func limitIsContinuous() {
    let below = KolmogorovDistribution.survival(1.0.nextDown)
    #expect(abs(below - KolmogorovDistribution.survival(1)) < 1e-14)
    #expect(KolmogorovDistribution.survival(0) == 1)
  }

  @Test("The chi-square test of homogeneity is SciPy's, empty categories left out")
  func chiSquare() throws {
    for row in try RecordedDrift.read().chiSquare {
      let test = ChiSquareTest(row.counts)
      #expect(RecordedStatistics.agree(test.statistic, row.statistic, relative: 1e-13))
      #expect(test.degreesOfFreedom == row.degrees)
      #expect(RecordedStatistics.agree(test.probability, row.probability, relative: 1e-11))
      #expect(RecordedStatistics.agree(test.leastExpected, row.leastExpected, relative: 1e-13))
    }
    #expect(ChiSquareTest([[4, 0], [9, 0]]).probability == 1)
  }

  @Test("The incomplete gamma function is SciPy's on both sides of its maximum")
  func incompleteGamma() throws {
    for point in try RecordedDrift.read().gamma {
      let found = IncompleteGamma.upper(point.a, point.x)
      #expect(
        RecordedStatistics.agree(found, point.upper, relative: 2e-12),
        "Q(\(point.a), \(point.x)) = \(found), SciPy \(point.upper)")
    }
  }

  @Test("The stability index is the sum over bins; an empty bin counts as half a sample")
  func stability() throws {
    for row in try RecordedDrift.read().stability {
      let index = PopulationStability(reference: row.reference, other: row.other)
      #expect(RecordedStatistics.agree(index.value, row.value, relative: 1e-13))
    }
    #expect(PopulationStability(reference: [3, 5], other: [6, 10]).value == 0)
    let chance = PopulationStability(reference: [50, 50], other: [20, 30]).expectedByChance
    #expect(abs(chance - (1.0 / 100 + 1.0 / 50)) < 1e-15)
  }

  @Test("Quantile bins hold equal shares, and repeated values make fewer of them")
  func bins() {
    let values = (1...100).map(Double.init)
    let bins = QuantileBins(of: values)
    #expect(bins.counts(of: values) == [Int](repeating: 10, count: 10))
    #expect(bins.counts(of: [-5, 1_000]) == [1] + [Int](repeating: 0, count: 8) + [1])
    let codes = QuantileBins(of: [1, 1, 1, 1, 2, 2, 3, 3, 3, 3])
    #expect(codes.counts(of: [1, 2, 3]) == [1, 1, 1])
    #expect(QuantileBins(of: [7, 7, 7]).edges == [])
    // A value on an edge belongs below it.
    for value in bins.edges {
      let slow = bins.edges.count { $0 < value }
      #expect(bins.index(of: value) == slow)
    }
  }
}
