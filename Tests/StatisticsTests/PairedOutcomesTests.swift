import Foundation
import Testing

@testable import Statistics

@Suite("Paired outcomes")
struct PairedOutcomesTests {
  private struct McNemar: Decodable {
    let worsened, improved: Int
    let twoSided, oneSided: Double
  }

  private struct Tango: Decodable {
    let count, worsened, improved: Int
    let limit, statistic, atMost, atLeast: Double
  }

  private struct TangoBounds: Decodable {
    let count, worsened, improved: Int
    let confidence, scoreLower, scoreUpper, lower, upper: Double
  }

  private func score(_ count: Int, _ worsened: Int, _ improved: Int) -> PairedScore {
    PairedScore(count: Double(count), worsened: Double(worsened), improved: Double(improved))
  }

  @Test("the exact probabilities of McNemar are those of statsmodels and SciPy")
  func mcNemar() throws {
    for row in try RecordedStatistics.read("mcnemar", as: [McNemar].self) {
      let count = row.worsened + row.improved + 120
      let outcomes = PairedOutcomes(
        count: count, worsened: row.worsened, improved: row.improved)
      // Logarithms of factorials of thousands leave about 1e-12 of a probability.
      #expect(
        RecordedStatistics.agree(outcomes.mcNemarProbability, row.twoSided, relative: 1e-11))
      #expect(
        RecordedStatistics.agree(outcomes.worseningProbability, row.oneSided, relative: 1e-11))
    }
  }

  @Test("the score test is that of a likelihood which was maximised numerically")
  func scoreTest() throws {
    for row in try RecordedStatistics.read("tango", as: [Tango].self) {
      let outcomes = PairedOutcomes(
        count: row.count, worsened: row.worsened, improved: row.improved)
      let statistic = score(row.count, row.worsened, row.improved).statistic(at: row.limit)
      let atMost = outcomes.probability(thatDropIsAtMost: row.limit)
      let atLeast = outcomes.probability(thatDropIsAtLeast: row.limit)
      // The search for the maximum ends within 1e-12 of it.
      #expect(RecordedStatistics.agree(statistic, row.statistic, relative: 1e-9), "\(row)")
      #expect(RecordedStatistics.agree(atMost, row.atMost, relative: 1e-7), "\(row)")
      #expect(RecordedStatistics.agree(atLeast, row.atLeast, relative: 1e-7), "\(row)")
    }
  }

  @Test("the bounds are where the tests begin to refuse")
  func bounds() throws {
    for row in try RecordedStatistics.read("tango-bounds", as: [TangoBounds].self) {
      let outcomes = PairedOutcomes(
        count: row.count, worsened: row.worsened, improved: row.improved)
      let score = score(row.count, row.worsened, row.improved)
      let quantile = NormalDistribution.quantile(row.confidence)
      #expect(abs(score.difference(atStatistic: quantile) - row.scoreLower) < 1e-9, "\(row)")
      #expect(abs(score.difference(atStatistic: -quantile) - row.scoreUpper) < 1e-9, "\(row)")
      #expect(abs(outcomes.lowerBound(confidence: row.confidence) - row.lower) < 1e-9, "\(row)")
      #expect(abs(outcomes.upperBound(confidence: row.confidence) - row.upper) < 1e-9, "\(row)")
    }
  }

  /// With b = c = 0, Z(δ)² = nδ / (1 − δ), so that Z = −z at δ = z² / (n + z²); the binomial tail
  /// (1 − δ)ⁿ is α at δ = 1 − α^(1/n), which is the greater of the two.
  @Test("without a sample that differs there is no evidence, and the bounds have a closed form")
  func nothingDiffers() {
    let outcomes = PairedOutcomes(count: 500, worsened: 0, improved: 0)
    #expect(outcomes.mcNemarProbability == 1 && outcomes.worseningProbability == 1)
    #expect(outcomes.probability(thatDropIsAtMost: 0) == 1)
    #expect(outcomes.probability(thatDropIsAtLeast: 0) == 1)
    let quantile = NormalDistribution.quantile(0.95)
    let ofScore = quantile * quantile / (500 + quantile * quantile)
    #expect(abs(score(500, 0, 0).difference(atStatistic: -quantile) - ofScore) < 1e-15)
    let upper = 1 - pow(0.05, 1.0 / 500)
    #expect(abs(outcomes.upperBound(confidence: 0.95) - upper) < 1e-12)
    #expect(abs(outcomes.lowerBound(confidence: 0.95) + upper) < 1e-12)
  }

  @Test("the extremes are finite and certain")
  func extremes() {
    let worst = PairedOutcomes(count: 40, worsened: 40, improved: 0)
    #expect(worst.drop == 1)
    // q = ¼, so that the variance is 40 (2 / 4 + 1 / 4) = 30 and Z = (40 − 20) / √30.
    let score = 0.5 * erfc(20 / 60.0.squareRoot())
    #expect(abs(worst.probability(thatDropIsAtMost: 0.5) - score) < 1e-12)
    #expect(worst.probability(thatDropIsAtLeast: 0.5) > 0.999)
    #expect(worst.probability(thatDropIsAtLeast: 1) == 1)
    #expect(worst.upperBound(confidence: 0.95) > 0.999_999)
    #expect((0.8..<1).contains(worst.lowerBound(confidence: 0.95)))
    let mixed = PairedOutcomes(count: 40, worsened: 20, improved: 20)
    #expect(mixed.drop == 0 && mixed.mcNemarProbability == 1)
    #expect(abs(mixed.lowerBound(confidence: 0.95) + mixed.upperBound(confidence: 0.95)) < 1e-15)
    let almost = PairedOutcomes(count: 40, worsened: 39, improved: 0)
    #expect(almost.probability(thatDropIsAtLeast: 1) == 0)
    #expect(almost.probability(thatDropIsAtMost: 1) == 1)
  }

  @Test("exchanging the versions mirrors every answer, and no p-value turns back")
  func laws() {
    let limits = (-30...30).map { Double($0) / 200 }
    for (worsened, improved) in [(0, 0), (1, 0), (0, 6), (9, 2), (25, 31), (60, 4)] {
      let outcomes = PairedOutcomes(count: 150, worsened: worsened, improved: improved)
      let mirrored = PairedOutcomes(count: 150, worsened: improved, improved: worsened)
      var last = 0.0
      for limit in limits {
        let atMost = outcomes.probability(thatDropIsAtMost: limit)
        #expect(atMost == mirrored.probability(thatDropIsAtLeast: -limit))
        // Above one half the parts of the test take turns; no gate looks there.
        #expect(min(atMost, 0.5) >= min(last, 0.5))
        last = atMost
        let refuses = atMost <= 0.05
        #expect(refuses == (outcomes.lowerBound(confidence: 0.95) > limit))
      }
    }
  }

  @Test("outcomes sample by sample are counted")
  func counting() {
    let outcomes = PairedOutcomes(
      before: [true, true, true, false, false], after: [true, false, false, true, false])
    #expect(outcomes == PairedOutcomes(count: 5, worsened: 2, improved: 1))
    #expect(abs(outcomes.drop - 0.2) < 1e-15)
  }

  @Test("the deciding count decides, and one sample less does not")
  func decidingCount() throws {
    // 1 − 0.05^(1/n) falls below 0.02 at n = ln 0.05 / ln 0.98 = 148.3.
    let same = PairedOutcomes(count: 50, worsened: 0, improved: 0)
    #expect(same.decidingCount(limit: 0.02, confidence: 0.95) == 149)
    #expect(same.decidingCount(limit: 0, confidence: 0.95) == nil)
    // b = 2c among n = 30c: with k times as many samples Z grows as √k, and McNemar's follows.
    let some = PairedOutcomes(count: 300, worsened: 20, improved: 10)
    let needed = try #require(some.decidingCount(limit: 0, confidence: 0.95))
    #expect(decides(some, Double(needed)) && !decides(some, Double(needed - 1)))
    let atLimit = PairedOutcomes(count: 100, worsened: 7, improved: 5)
    #expect(atLimit.decidingCount(limit: 0.02, confidence: 0.95) == nil)
  }

  private func decides(_ outcomes: PairedOutcomes, _ count: Double) -> Bool {
    let factor = count / Double(outcomes.count)
    let tests = PairedTests(
      count: count, worsened: Double(outcomes.worsened) * factor,
      improved: Double(outcomes.improved) * factor)
    return tests.probability(thatDropIsAtMost: 0) <= 0.05
  }
}
