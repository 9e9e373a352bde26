import Statistics
import Testing

@Suite("Binomial interval")
struct BinomialIntervalTests {
  /// Lower ends at one-sided level 0.001: closed form α^(1/n) for n of n, SciPy's betaincinv else.
  @Test(
    "the lower end agrees with recorded quantiles of the beta distribution",
    arguments: [
      (100, 100, 0.933_254_300_8), (1000, 1000, 0.993_116_048_4), (990, 1000, 0.976_036_187_2),
      (600, 1000, 0.551_075_473_9), (550, 1000, 0.500_675_960_1),
      (99_000, 100_000, 0.988_989_340_4), (100_000, 100_000, 0.999_930_924_8),
    ])
  func lowerEnd(successes: Int, count: Int, expected: Double) {
    let interval = BinomialInterval(successes: successes, count: count, confidence: 0.998)
    #expect(abs(interval.lower - expected) < 1e-10)
  }

  @Test("swapping successes and failures mirrors the interval")
  func symmetry() {
    for successes in 0...20 {
      let interval = BinomialInterval(successes: successes, count: 20)
      let mirrored = BinomialInterval(successes: 20 - successes, count: 20)
      #expect(abs(interval.lower - (1 - mirrored.upper)) < 1e-12)
    }
  }

  @Test("each end leaves the tail probability, summed term by term")
  func tails() {
    let (successes, count) = (7, 25)
    let interval = BinomialInterval(successes: successes, count: count, confidence: 0.9)
    #expect(abs(tail(from: successes, of: count, interval.lower) - 0.05) < 1e-10)
    #expect(abs(1 - tail(from: successes + 1, of: count, interval.upper) - 0.05) < 1e-10)
  }

  /// P(X ≥ k) of a binomial variable, by its definition.
  private func tail(from k: Int, of n: Int, _ p: Double) -> Double {
    (k...n).reduce(0) { sum, i in
      var term = 1.0
      for j in 0..<i { term *= Double(n - j) / Double(j + 1) * p }
      for _ in i..<n { term *= 1 - p }
      return sum + term
    }
  }
}

@Suite("Bootstrap and calibration")
struct BootstrapTests {
  @Test("the interval of a mean is as wide as the normal theory says")
  func meanInterval() throws {
    let values = (0..<400).map { Double($0 % 20) }
    let mean = values.reduce(0, +) / 400
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400).squareRoot()
    let interval = try #require(
      Bootstrap(resamples: 4000).interval(count: 400, purpose: "test") { indices in
        indices.reduce(0) { $0 + values[$1] } / Double(indices.count)
      })
    let half = 1.96 * deviation / 20
    #expect(abs(interval.lower - (mean - half)) < 0.1 * half)
    #expect(abs(interval.upper - (mean + half)) < 0.1 * half)
  }

  @Test("no samples, or a statistic that is never defined, give no interval")
  func undefined() {
    #expect(Bootstrap().interval(count: 0, purpose: "test") { _ in 1 } == nil)
    #expect(Bootstrap().interval(count: 5, purpose: "test") { _ in nil } == nil)
  }

  @Test("calibration error and Brier score agree with figures worked out by hand")
  func calibration() throws {
    // Bin 0.5–0.6: confidence 0.55, accuracy 1/2; bin 0.9–1: confidence 0.95, accuracy 1.
    let calibration = Calibration(
      confidences: [0.55, 0.55, 0.95, 0.95], isCorrect: [true, false, true, true])
    let error = try #require(calibration.expectedError)
    #expect(abs(error - 0.05) < 1e-12)
    #expect(calibration.bins[5].count == 2 && calibration.bins[9].count == 2)
    // (0.2² + 0.2²) and (0.6² + 0.6²) over two samples.
    let brier = try #require(
      Calibration.brierScore(probabilities: [[0.8, 0.2], [0.6, 0.4]], labels: [0, 1]))
    #expect(abs(brier - 0.4) < 1e-6)
    #expect(Calibration(confidences: [], isCorrect: []).expectedError == nil)
  }
}
