import Foundation
import Testing

@testable import Statistics

@Suite("Single outcomes")
struct SingleOutcomesTests {
  private struct Share: Decodable {
    let successes, count: Int
    let confidence, lower, upper, limit, atLeast, atMost: Double
  }

  @Test("bounds and probabilities are those of statsmodels and SciPy")
  func recorded() throws {
    for row in try RecordedStatistics.read("shares", as: [Share].self) {
      let outcomes = SingleOutcomes(count: row.count, successes: row.successes)
      #expect(abs(outcomes.lowerBound(confidence: row.confidence) - row.lower) < 1e-10, "\(row)")
      #expect(abs(outcomes.upperBound(confidence: row.confidence) - row.upper) < 1e-10, "\(row)")
      let atLeast = outcomes.probability(thatShareIsAtLeast: row.limit)
      let atMost = outcomes.probability(thatShareIsAtMost: row.limit)
      #expect(RecordedStatistics.agree(atLeast, row.atLeast, relative: 1e-9), "\(row)")
      #expect(RecordedStatistics.agree(atMost, row.atMost, relative: 1e-9), "\(row)")
    }
  }

  @Test("a limit at or beyond the ends is certain")
  func ends() {
    let all = SingleOutcomes(count: 10, successes: 10)
    #expect(all.probability(thatShareIsAtLeast: 1) == 1)
    #expect(all.probability(thatShareIsAtMost: 1) == 1)
    #expect(all.probability(thatShareIsAtMost: 0) == 0)
    #expect(all.probability(thatShareIsAtLeast: 1.5) == 0)
    #expect(all.upperBound(confidence: 0.95) == 1)
    // All of n: the lower bound is α^(1/n).
    #expect(abs(all.lowerBound(confidence: 0.95) - pow(0.05, 0.1)) < 1e-12)
    let none = SingleOutcomes(count: 10, successes: 0)
    #expect(none.probability(thatShareIsAtMost: 0) == 1)
    #expect(none.lowerBound(confidence: 0.95) == 0)
  }

  @Test("the deciding count of a flawless share has a closed form")
  func decidingCount() {
    // 0.9ⁿ falls below 0.05 at n = ln 0.05 / ln 0.9 = 28.4.
    let flawless = SingleOutcomes(count: 5, successes: 5)
    #expect(flawless.decidingCount(limit: 0.9, confidence: 0.95) == 29)
    let equal = SingleOutcomes(count: 50, successes: 40)
    #expect(equal.decidingCount(limit: 0.8, confidence: 0.95) == nil)
    // 80 % against 78 %: about z² p (1 − p) / 0.02², a little more for the exact tail.
    let needed = equal.decidingCount(limit: 0.78, confidence: 0.95) ?? 0
    #expect((1_100...1_300).contains(needed))
  }
}
