/// One thing that was checked, and what came of it.
public struct VerificationStep: Codable, Hashable, Sendable {
  public enum Outcome: String, Codable, Hashable, Sendable {
    case agrees
    /// It was not checked, for the reason that the detail states.
    case skipped
    case fails
  }

  /// "chain", "measures", "figure 3fa90c11d2e4-row-17.png".
  public var subject: String
  public var outcome: Outcome
  /// How many things were compared.
  public var count: Int
  /// What agrees, why nothing was checked, or what does not agree: a sentence without its full stop.
  public var detail: String

  public init(_ subject: String, _ outcome: Outcome, count: Int = 0, _ detail: String) {
    self.subject = subject
    self.outcome = outcome
    self.count = count
    self.detail = detail
  }

  /// What agrees, or the first thing that does not.
  init(_ subject: String, count: Int, _ agreement: String, failure: String?) {
    self.init(subject, failure == nil ? .agrees : .fails, count: count, failure ?? agreement)
  }
}

/// Steps one after another, up to the first that fails.
public struct VerificationResult: Codable, Hashable, Sendable {
  public private(set) var steps: [VerificationStep] = []

  public init() {}

  /// The step that does not agree; nil where all do.
  public var failure: VerificationStep? { steps.last.flatMap { $0.outcome == .fails ? $0 : nil } }

  /// Takes a further step, unless one has failed.
  ///
  /// - Throws: what taking it throws.
  public mutating func take(_ step: () throws -> VerificationStep) rethrows {
    guard failure == nil else { return }
    steps.append(try step())
  }
}
