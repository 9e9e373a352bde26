/// The principal reasons for which applicants were declined, and whether they can be believed.
///
/// A reason is a feature that lowers an applicant's log-odds of being accepted, compared with the
/// applicants accepted at or just above the cut-off.
public struct ReasonCodeAssessment: Codable, Hashable, Sendable {
  /// A contribution below this share of the shortfall is no reason.
  public static let negligibleShare = 0.01

  public var rule: DecisionRule
  public var seed: UInt64
  public var auditedCount: Int
  public var acceptedCount: Int
  /// Nil where nobody in the population is accepted: then there are no reasons either.
  public var reference: ReferencePopulation?
  /// Features that may be no reason.
  public var protectedFeatures: [String]
  /// The declined among the audited, in their order.
  public var applicants: [DeclinedApplicant]
  public var stability: ReasonStabilitySummary
  public var validation: ReasonValidation
  /// How often each feature is a reason, the most frequent first; features that never are left out.
  public var frequencies: [ReasonFrequency]
  /// The same for the members of each group.
  public var groups: [ReasonGroup]

  /// Whether the reasons did no better than control features, so that nobody may be told them.
  public var isWithdrawn: Bool { validation.isFailed }
  /// The applicants with a feature that may be no reason among their reasons.
  public var flaggedCount: Int { applicants.count { $0.reasons.contains(where: \.isProtected) } }
}

/// Why one applicant was declined.
public struct DeclinedApplicant: Codable, Hashable, Sendable {
  /// How contributions were found.
  public enum Method: String, Codable, Hashable, Sendable {
    case integratedGradients = "integrated-gradients"
    case shapleySampling = "shapley-sampling"
  }

  /// The applicant's index in the data set.
  public var sample: Int
  /// The log-odds of the favourable class, and its probability.
  public var score: Double
  public var probability: Double
  /// By how much the reference applicants' mean score lies above this one.
  public var shortfall: Double
  public var method: Method
  /// Gradients along each path at most, or orders drawn for each reference applicant.
  public var steps: Int
  /// What the contributions leave unexplained, in log-odds.
  public var completenessError: Double
  /// The largest standard error of a contribution that comes from drawing orders; 0 for gradients.
  public var standardError: Double
  /// Whether the contributions are exact enough; without that there are no reasons.
  public var isConverged: Bool
  /// The principal reasons, the weightiest first.
  public var reasons: [PrincipalReason]
  /// Which share of all that lowers the score these reasons make up.
  public var coverage: Double
  public var stability: ReasonStability
}

/// A feature that lowered an applicant's score.
public struct PrincipalReason: Codable, Hashable, Sendable {
  public var feature: String
  public var value: Double
  /// The applicant's value in words.
  public var valueText: String
  /// What it is like among the reference applicants: the lower median or the commonest category.
  public var typicalValue: Double
  /// That in words.
  public var typicalText: String
  /// In log-odds; negative.
  public var contribution: Double
  /// Which share of the shortfall it explains; shares of all features sum to 1, some are negative.
  public var share: Double
  /// Whether the feature may be no reason.
  public var isProtected: Bool
}

/// How often a feature is a reason.
public struct ReasonFrequency: Codable, Hashable, Sendable {
  public var feature: String
  public var isProtected: Bool
  /// The applicants with reasons of whom it is one.
  public var count: Int
  /// Of whom it is the first.
  public var firstCount: Int
}

/// How often features are reasons in one group of applicants.
public struct ReasonGroup: Codable, Hashable, Sendable {
  public var attribute: String
  public var value: String
  public var auditedCount: Int
  public var declinedCount: Int
  /// The declined with reasons.
  public var explainedCount: Int
  public var frequencies: [ReasonFrequency]
}
