import Execution
public import Models

extension ReasonCodeAssessment {
  /// The reasons of every declined applicant; nil for inputs that are no table.
  ///
  /// - Parameters:
  ///   - model: What decides.
  ///   - subject: About whom and by what rule.
  ///   - threads: How many threads work at once; the result does not depend on it.
  /// - Returns: Reasons, their stability and their validation.
  /// - Throws: `ExecutionError` if the model cannot be run.
  public static func measured(
    of model: any ModelClassifier, _ subject: DecisionSubject, threads: Int = 1
  ) throws -> ReasonCodeAssessment? {
    guard model.input.hasDecisionFeatures else { return nil }
    let (audited, population) = try subject.applicants(model, threads: threads)
    let positions = ReferencePopulation.nearest(population)
    guard !positions.isEmpty else {
      return ReasonCodeAssessment(subject, audited, codes: nil, [])
    }
    let codes = ReasonCodes(
      model, subject, audited: audited, population: population, reference: positions)
    let declined = audited.declined
    let found = try concurrentMap(count: declined.count, threads: threads) {
      try codes.explained(declined[$0])
    }
    return ReasonCodeAssessment(subject, audited, codes: codes, found)
  }

  private init(
    _ subject: DecisionSubject, _ audited: Applicants, codes: ReasonCodes?,
    _ found: [(DeclinedApplicant, ReasonLift?)]
  ) {
    let applicants = found.map(\.0)
    rule = subject.rule
    seed = subject.seed
    auditedCount = audited.count
    acceptedCount = audited.accepted.count
    reference = codes?.reference
    protectedFeatures = subject.protectedFeatures
    self.applicants = applicants
    stability = ReasonStabilitySummary(
      applicants, halfCount: ReasonCodes.halfCount,
      wholePopulationCount: codes?.everyone.count ?? 0, seed: subject.seed)
    validation = ReasonValidation(found.compactMap(\.1), seed: subject.seed)
    frequencies = ReasonFrequency.all(in: applicants)
    groups = subject.attributes.flatMap { ReasonGroup.all(of: $0, audited, applicants) }
  }
}

extension ReasonFrequency {
  /// How often each feature is a reason; the most frequent first, equal ones by name.
  static func all(in applicants: [DeclinedApplicant]) -> [ReasonFrequency] {
    var found: [String: ReasonFrequency] = [:]
    for applicant in applicants {
      for (rank, reason) in applicant.reasons.enumerated() {
        var frequency =
          found[reason.feature]
          ?? ReasonFrequency(
            feature: reason.feature, isProtected: reason.isProtected, count: 0, firstCount: 0)
        frequency.count += 1
        frequency.firstCount += rank == 0 ? 1 : 0
        found[reason.feature] = frequency
      }
    }
    return found.values.sorted {
      ($1.count, $1.firstCount, $0.feature) < ($0.count, $0.firstCount, $1.feature)
    }
  }
}

extension ReasonGroup {
  /// The groups of an attribute's values, in alphabetical order.
  static func all(
    of attribute: ApplicantAttribute, _ audited: Applicants, _ applicants: [DeclinedApplicant]
  ) -> [ReasonGroup] {
    // Applicants are the declined in the order of the audited.
    let declined = audited.declined
    return Set(attribute.values).sorted().map { value in
      let members = zip(declined, applicants)
        .filter { attribute.values[$0.0] == value }.map(\.1)
      return ReasonGroup(
        attribute: attribute.name, value: value,
        auditedCount: attribute.values.count { $0 == value },
        declinedCount: declined.count { attribute.values[$0] == value },
        explainedCount: members.count { !$0.reasons.isEmpty },
        frequencies: ReasonFrequency.all(in: members))
    }
  }
}
