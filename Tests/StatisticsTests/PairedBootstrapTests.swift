import Testing

@testable import Statistics

@Suite("Paired bootstrap")
struct PairedBootstrapTests {
  private struct Recorded: Decodable {
    let before, after: [Double]
    let value, lower, upper, standardError: Double
  }

  /// By how much the mean fell, as a share of what it was.
  private func fall(_ record: Recorded) -> ([Int]) -> Double? {
    { indices in
      let before = indices.reduce(0) { $0 + record.before[$1] }
      let after = indices.reduce(0) { $0 + record.after[$1] }
      return before == 0 ? nil : 1 - after / before
    }
  }

  @Test("percentile bounds agree with SciPy's within the error of the resampling")
  func recorded() throws {
    let record = try RecordedStatistics.read("bootstrap", as: Recorded.self)
    let distribution = try #require(
      PairedBootstrap().distribution(count: 80, purpose: "test", of: fall(record)))
    #expect(abs(distribution.value - record.value) < 1e-12)
    // A 5 % quantile of 2,000 normal draws has the standard error √(0.05 · 0.95 / 2000) / 0.103 =
    // 0.047 of their deviation; four of them.
    let tolerance = 0.19 * record.standardError
    #expect(abs(distribution.lowerBound(confidence: 0.95) - record.lower) < tolerance)
    #expect(abs(distribution.upperBound(confidence: 0.95) - record.upper) < tolerance)
  }

  @Test("p-values count resamples, and none is below one in all of them and one")
  func probabilities() {
    let distribution = BootstrapDistribution(value: 2.5, count: 4, values: [4, 1, 3, 2])
    #expect(distribution.probability(thatValueIsAtMost: 2) == 3.0 / 5)
    #expect(distribution.probability(thatValueIsAtLeast: 2) == 4.0 / 5)
    #expect(distribution.probability(thatValueIsAtMost: 0) == 1.0 / 5)
    #expect(distribution.probability(thatValueIsAtLeast: 0) == 1)
    #expect(distribution.lowerBound(confidence: 0.5) == 2.5)
  }

  @Test("the same seed and purpose give the same resamples, and others give others")
  func repetition() {
    let values = (0..<40).map { Double($0 * $0) }
    func distribution(_ seed: UInt64, _ purpose: String) -> BootstrapDistribution? {
      PairedBootstrap(resamples: 200, seed: seed).distribution(count: 40, purpose: purpose) {
        $0.reduce(0) { $0 + values[$1] }
      }
    }
    #expect(distribution(3, "a") == distribution(3, "a"))
    #expect(distribution(3, "a") != distribution(4, "a"))
    #expect(distribution(3, "a") != distribution(3, "b"))
  }

  @Test("a statistic that is undefined has no distribution, and resamples without it are left out")
  func undefined() throws {
    #expect(PairedBootstrap().distribution(count: 5, purpose: "test") { _ in nil } == nil)
    #expect(PairedBootstrap().distribution(count: 0, purpose: "test") { _ in 1 } == nil)
    // Defined only where the first sample was drawn: for 1 − (4/5)⁵ = 67 % of the resamples.
    let partial = try #require(
      PairedBootstrap().distribution(count: 5, purpose: "test") { $0.contains(0) ? 1 : nil })
    #expect((1_250...1_440).contains(partial.resampled.count))
  }

  @Test("the description groups its digits")
  func description() {
    #expect(PairedBootstrap().description == "paired bootstrap, 2,000 resamples, seed 0")
    #expect(
      PairedBootstrap(resamples: 1_000_050, seed: 7).description
        == "paired bootstrap, 1,000,050 resamples, seed 7")
    #expect(
      PairedBootstrap(resamples: 500).description == "paired bootstrap, 500 resamples, seed 0")
  }

  @Test("the deciding count follows the square of the distances")
  func decidingCount() {
    let values = (0...100).map { Double($0) / 100 }
    let distribution = BootstrapDistribution(value: 0.5, count: 100, values: values)
    // The bounds are 0.45 away; a limit as far away again needs a quarter of the samples.
    let far = distribution.decidingCount(limit: 1.4, confidence: 0.95) ?? 0
    #expect((25...26).contains(far))
    // 0.1 away: 4.5² as many, 2,025, or one more where a quotient was rounded up.
    let near = distribution.decidingCount(limit: 0.4, confidence: 0.95) ?? 0
    #expect((2_025...2_026).contains(near))
    #expect(distribution.decidingCount(limit: 0.5, confidence: 0.95) == nil)
    #expect(distribution.decidingCount(limit: 0.500_1, confidence: 0.95) == nil)
  }
}
