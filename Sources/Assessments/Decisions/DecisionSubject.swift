/// What decisions about people are examined with.
public struct DecisionSubject: Sendable {
  /// The applicants whose decisions are examined.
  public var audited: LabelledSamples
  /// The applicants that the model learnt from; nil: the audited ones are the only population.
  public var training: LabelledSamples?
  public var rule: DecisionRule
  /// Features that may be no reason, such as a protected attribute.
  public var protectedFeatures: [String]
  /// What groups the audited applicants belong to.
  public var attributes: [ApplicantAttribute]
  public var seed: UInt64

  /// - Precondition: each attribute has a value an audited applicant.
  public init(
    audited: LabelledSamples, training: LabelledSamples? = nil, rule: DecisionRule,
    protectedFeatures: [String] = [], attributes: [ApplicantAttribute] = [], seed: UInt64 = 0
  ) {
    for attribute in attributes {
      precondition(
        attribute.values.count == audited.count,
        "expected \(audited.count) values of '\(attribute.name)', got \(attribute.values.count)")
    }
    self.audited = audited
    self.training = training
    self.rule = rule
    self.protectedFeatures = protectedFeatures
    self.attributes = attributes
    self.seed = seed
  }
}

/// A protected attribute of the audited applicants, whether or not the model sees it.
public struct ApplicantAttribute: Hashable, Sendable {
  public var name: String
  /// A value an audited applicant.
  public var values: [String]

  public init(name: String, values: [String]) {
    self.name = name
    self.values = values
  }
}

/// Where the applicants come from that others are compared with.
public enum PopulationSource: String, Codable, Hashable, Sendable {
  case training, audited
}
