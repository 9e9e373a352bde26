public import Statistics

/// Whether the reasons are what the model scored: what changes when their features do.
///
/// The reasons' features of an applicant are given the values of each reference applicant; the mean
/// rise of the log-odds is compared with that of as many other features. Reasons that move the score
/// no more than these are withdrawn.
public struct ReasonValidation: Codable, Hashable, Sendable {
  /// The applicants compared: with reasons, and with features that are none.
  public var count: Int
  /// The mean rise of the log-odds when the reasons' features are replaced.
  public var reasons: IntervalEstimate
  /// The same with as many features drawn at random, others for each reference applicant.
  public var random: IntervalEstimate
  /// The same with as many of those that contribute least in size.
  public var least: IntervalEstimate
  /// The mean difference between reasons and random features.
  public var advantage: IntervalEstimate
  /// The mean difference between reasons and the features that contribute least.
  public var leastAdvantage: IntervalEstimate
  /// The share of applicants whose reasons raise the score more than random features do.
  public var beatsRandom: IntervalEstimate

  /// Whether reasons did not beat both controls on average.
  public var isFailed: Bool {
    count > 0 && ((advantage.value ?? 0) <= 0 || (leastAdvantage.value ?? 0) <= 0)
  }
}

/// By how much one applicant's log-odds rise when features are replaced.
struct ReasonLift: Hashable, Sendable {
  var reasons: Double
  var random: Double
  var least: Double
}

extension ReasonValidation {
  init(_ lifts: [ReasonLift], seed: UInt64) {
    func mean(_ purpose: String, _ value: (ReasonLift) -> Double) -> IntervalEstimate {
      .mean(lifts.map(value), seed: seed, purpose: "reasons/\(purpose)")
    }
    count = lifts.count
    reasons = mean("lift", \.reasons)
    random = mean("lift", \.random)
    least = mean("lift", \.least)
    advantage = mean("advantage") { $0.reasons - $0.random }
    leastAdvantage = mean("advantage") { $0.reasons - $0.least }
    beatsRandom = IntervalEstimate(
      successes: lifts.count { $0.reasons > $0.random }, of: lifts.count)
  }
}
