import Foundation
import Tensors
import Testing

@testable import Statistics

@Suite("Error rates of paired outcomes")
struct PairedErrorRateTests {
  @Test(
    "two equally good versions are taken for a drop with at most the level, term by term",
    arguments: [0, 0.005, 0.02])
  func exactLevel(limit: Double) {
    let count = 60
    let refused = pairs(of: count).filter {
      PairedOutcomes(count: count, worsened: $0.worsened, improved: $0.improved)
        .probability(thatDropIsAtMost: limit) <= 0.05
    }
    for share in [0.001, 0.01, 0.03, 0.1, 0.2, 0.5] {
      let rate = refused.reduce(0) { $0 + probability($1, of: count, share, share) }
      #expect(rate <= 0.05, "\(rate) where \(share) of the samples change either way")
    }
    #expect(!refused.isEmpty)
  }

  @Test("the error at the limit itself stays within a fifth of the level")
  func levelAtLimit() {
    let (count, limit) = (60, 0.05)
    for share in [0.0, 0.005, 0.02, 0.05, 0.1] {
      var (fails, passes) = (0.0, 0.0)
      for pair in pairs(of: count) {
        let outcomes = PairedOutcomes(
          count: count, worsened: pair.worsened, improved: pair.improved)
        let mass = probability(pair, of: count, share + limit, share)
        if outcomes.probability(thatDropIsAtMost: limit) <= 0.05 { fails += mass }
        if outcomes.probability(thatDropIsAtLeast: limit) <= 0.05 { passes += mass }
      }
      #expect(fails <= 0.06 && passes <= 0.06, "\(fails) and \(passes) at \(share)")
    }
  }

  private func pairs(of count: Int) -> [(worsened: Int, improved: Int)] {
    (0...count).flatMap { worsened in
      (0...(count - worsened)).map { (worsened: worsened, improved: $0) }
    }
  }

  /// The trinomial probability, by its definition.
  private func probability(
    _ pair: (worsened: Int, improved: Int), of count: Int, _ worsening: Double, _ improving: Double
  ) -> Double {
    let rest = count - pair.worsened - pair.improved
    let ways =
      lgamma(Double(count + 1)) - lgamma(Double(pair.worsened + 1))
      - lgamma(Double(pair.improved + 1)) - lgamma(Double(rest + 1))
    return exp(ways) * pow(worsening, Double(pair.worsened)) * pow(improving, Double(pair.improved))
      * pow(1 - worsening - improving, Double(rest))
  }

  /// The figures are those of `docs/checks-statistics.md`, found there by enumeration, for 500
  /// samples of which 4 % improve; four standard errors of 4,000 simulated checks are allowed.
  @Test(
    "simulated checks fail as often as the documentation says",
    arguments: [
      (drop: 0.0, limit: 0.0, documented: 0.037), (drop: 0.05, limit: 0.0, documented: 0.919),
      (drop: 0.05, limit: 0.02, documented: 0.600), (drop: 0.02, limit: 0.02, documented: 0.051),
    ])
  func simulation(drop: Double, limit: Double, documented: Double) {
    let (checks, count) = (4_000, 500)
    var failures = 0
    for check in 0..<checks {
      var random = RandomStream(seed: 1, purpose: "power \(drop) \(limit)", sample: check)
      var (worsened, improved) = (0, 0)
      for _ in 0..<count {
        let draw = random.uniform()
        if draw < 0.04 { improved += 1 } else if draw < 0.08 + drop { worsened += 1 }
      }
      let outcomes = PairedOutcomes(count: count, worsened: worsened, improved: improved)
      if outcomes.probability(thatDropIsAtMost: limit) <= 0.05 { failures += 1 }
    }
    let rate = Double(failures) / Double(checks)
    let error = (documented * (1 - documented) / Double(checks)).squareRoot()
    // The documentation rounds to a tenth of a per cent.
    #expect(abs(rate - documented) < 4 * error + 0.0005, "\(rate)")
  }
}
