/// Whether a report holds a kind of evidence, where, and what is lacking.
public struct EvidenceStatus: Codable, Hashable, Sendable {
  /// The outcomes, the worst first: of several the first decides.
  public enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
    /// The evidence is there, and a gate about it failed.
    case failed
    case notMeasured = "not measured"
    /// Only people can give it, and they have not.
    case waiting = "waiting for a person"
    case answered
  }

  public var outcome: Outcome
  /// The identifiers of the sections that hold the evidence: "c2-performance".
  public var sections: [String]
  /// Why it is not answered; empty where it is.
  public var shortfalls: [Shortfall]

  init(_ outcome: Outcome, sections: [String] = [], shortfalls: [Shortfall] = []) {
    self.outcome = outcome
    self.sections = sections
    self.shortfalls = shortfalls
  }

  /// The status of all together: as good as the worst.
  init(allOf statuses: [EvidenceStatus]) {
    self.init(
      Outcome.worst(of: statuses.map(\.outcome)),
      sections: statuses.flatMap(\.sections).withoutRepetition,
      shortfalls: statuses.flatMap(\.shortfalls).withoutRepetition)
  }
}

extension EvidenceStatus.Outcome {
  /// The worst of some outcomes.
  ///
  /// - Precondition: there is at least one.
  static func worst(of outcomes: [Self]) -> Self {
    guard let worst = allCases.first(where: outcomes.contains) else {
      preconditionFailure("expected at least one outcome, got none")
    }
    return worst
  }
}

/// One reason why evidence is not answered.
public struct Shortfall: Codable, Hashable, Sendable {
  /// What is lacking; the raw value is part of a key of the report's words.
  public enum Reason: String, Codable, Hashable, Sendable, CaseIterable {
    /// This version of the program measures no such thing.
    case never
    /// Nobody has written anything.
    case person
    /// Somebody has, but not to every question; the detail lists those, as "SUBJECT/QUESTION".
    case openQuestions
    case gateFailed, incomplete, noAccuracy, noCalibration, noGroups, noGap, noAttack, veto
    case noExplanations, withdrawn, noCompleteness, noQuality, noGates, undecidedGates
    case noProvenance, noCorruptions, noImportance, noReasonCodes
    case reasonsWithdrawn, noDataSheet, noTraining, noChange, unsigned, signedEarlier, noEvents
    case noRepetition
  }

  /// The id of the run that lacks it; empty where it holds of every audit.
  public var run: String
  public var reason: Reason
  /// The gate, warning, method or attribute that it is about; empty where there is none.
  public var detail: String

  init(_ reason: Reason, run: String = "", detail: String = "") {
    self.run = run
    self.reason = reason
    self.detail = detail
  }
}

extension Array where Element: Hashable {
  /// The elements, each where it stands first.
  fileprivate var withoutRepetition: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
