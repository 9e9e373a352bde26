import Testing

@testable import Assessments

@Suite("Intervals of effects")
struct EffectIntervalsTests {
  @Test("Ends are NumPy's quantiles that are observed values, equal ones taken once")
  func recorded() throws {
    let record = try RecordedGlobalExplanations.read().quantiles
    let found = try #require(EffectIntervals(of: record.values, limit: record.limit))
    #expect(found.ends == record.ends)
    #expect(found.counts.reduce(0, +) == record.values.count)
    for (value, interval) in zip(record.values, found.members) {
      #expect(value <= found.ends[interval + 1])
      #expect(value > found.ends[interval] || (interval == 0 && value == found.ends[0]))
    }
    #expect(abs(found.weights.reduce(0, +) - 1) < 1e-12)
  }

  @Test("About ten samples or more share an interval, and never one is alone")
  func sizes() throws {
    let plain = try #require(EffectIntervals(of: (0..<45).map(Double.init), limit: 20))
    #expect(plain.counts == [12, 11, 11, 11])
    // The middle quantiles are 5 and the one value behind all fives.
    let values = [1.0, 2, 3, 4] + [Double](repeating: 5, count: 15) + (6..<17).map(Double.init)
    let ties = try #require(EffectIntervals(of: values, limit: 3))
    #expect(ties.ends == [1, 5, 16] && ties.counts == [19, 11])
    #expect(EffectIntervals(of: [3, 3, 3], limit: 5) == nil)
    #expect(EffectIntervals(of: [3, 4], limit: 5)?.ends == [3, 4])
  }
}
