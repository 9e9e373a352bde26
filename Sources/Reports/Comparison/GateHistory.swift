public import Audits

/// The verdicts on one requirement over the versions of a model, oldest first.
public struct GateHistory: Codable, Hashable, Sendable {
  /// One run.
  public struct Point: Codable, Hashable, Sendable {
    public var run: String
    /// ISO 8601, UTC.
    public var started: String
    /// Of the model file.
    public var sha256: String
    /// nil: the run's suite does not hold the requirement.
    public var verdict: GateResult.Verdict?
    /// nil: not measured.
    public var value: Double?
    public var lower: Double?
    public var upper: Double?

    public init(
      run: String, started: String, sha256: String, verdict: GateResult.Verdict?, value: Double?,
      lower: Double?, upper: Double?
    ) {
      self.run = run
      self.started = started
      self.sha256 = sha256
      self.verdict = verdict
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }

  public var requirement: String
  public var threshold: Double
  /// Whether the value must be at least the threshold, or at most.
  public var isAtLeast: Bool
  public var points: [Point]

  public init(requirement: String, threshold: Double, isAtLeast: Bool, points: [Point]) {
    self.requirement = requirement
    self.threshold = threshold
    self.isAtLeast = isAtLeast
    self.points = points
  }

  /// Whether the values are fractions, shown in per cent.
  var isFraction: Bool { requirement.contains("%") }
}
