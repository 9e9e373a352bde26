import Audits
import Statistics
import Tensors

@testable import Assessments

extension SampleRecords {
  /// The credit record with reasons and counterfactuals as an audit would find them.
  static func decided(isWithdrawn: Bool = false) -> AuditRecord {
    var record = credit(robust: false)
    record.assessments.reasonCodes = reasonCodes(isWithdrawn: isWithdrawn)
    record.assessments.counterfactuals = counterfactuals
    return record
  }

  private static func estimate(_ value: Double, _ count: Int = 3) -> IntervalEstimate {
    IntervalEstimate(
      value: value, lower: value - 0.1, upper: value + 0.1, count: count,
      method: "percentile bootstrap, 1,000 resamples, seed 7")
  }

  static func reasonCodes(isWithdrawn: Bool) -> ReasonCodeAssessment {
    let means = ReasonStabilitySummary.Means(
      firstKept: estimate(0.9), overlap: estimate(0.8), rankCorrelation: estimate(0.7))
    return ReasonCodeAssessment(
      rule: DecisionRule(favourableClass: 0), seed: 7, auditedCount: 150, acceptedCount: 146,
      reference: ReferencePopulation(
        source: .training, populationCount: 700, acceptedCount: 490, samples: Array(0..<49),
        lowestScore: 0.01, highestScore: 0.4, meanScore: 0.2, typicalValues: []),
      protectedFeatures: ["age"],
      applicants: [
        applicant(7, 0.12, [("duration", 36, 24, -1.1), ("age", 22, 35, -0.6)]),
        applicant(8, 0.31, [("duration", 48, 24, -0.9), ("checking account", 0, 3, -0.4)]),
        applicant(9, 0.48, [("amount", 9_250.5, 2_300, -0.2)]), applicant(17, 0.45, []),
      ],
      stability: ReasonStabilitySummary(
        halfCount: 10, wholePopulationCount: 100, halves: means, wholePopulation: means),
      validation: ReasonValidation(
        count: 3, reasons: estimate(isWithdrawn ? 0.2 : 1.3), random: estimate(0.4),
        least: estimate(0.05), advantage: estimate(isWithdrawn ? -0.2 : 0.9),
        leastAdvantage: estimate(1.25), beatsRandom: IntervalEstimate(successes: 3, of: 3)),
      frequencies: [
        ReasonFrequency(feature: "duration", isProtected: false, count: 2, firstCount: 2),
        ReasonFrequency(feature: "amount", isProtected: false, count: 1, firstCount: 1),
        ReasonFrequency(feature: "age", isProtected: true, count: 1, firstCount: 0),
      ],
      groups: [
        ReasonGroup(
          attribute: "age group", value: "under 25", auditedCount: 50, declinedCount: 2,
          explainedCount: 2,
          frequencies: [
            ReasonFrequency(feature: "duration", isProtected: false, count: 2, firstCount: 1)
          ])
      ])
  }

  private static func applicant(
    _ sample: Int, _ probability: Double, _ reasons: [(String, Double, Double, Double)]
  ) -> DeclinedApplicant {
    let agreement = ReasonStability.Agreement(
      firstKept: 0.9, overlap: Double(sample % 3) / 3, rankCorrelation: 0.8)
    return DeclinedApplicant(
      sample: sample, score: -1.5, probability: probability, shortfall: 1.7,
      method: .integratedGradients, steps: 32, completenessError: 1e-4, standardError: 0,
      isConverged: !reasons.isEmpty,
      reasons: reasons.map { feature, value, typical, contribution in
        PrincipalReason(
          feature: feature, value: value, valueText: "\(value)", typicalValue: typical,
          typicalText: "\(typical)", contribution: contribution, share: -contribution / 1.7,
          isProtected: feature == "age")
      }, coverage: 0.9, stability: ReasonStability(halves: agreement, wholePopulation: agreement))
  }

  private static var counterfactuals: CounterfactualAssessment {
    CounterfactualAssessment(
      rule: DecisionRule(favourableClass: 0), auditedCount: 150, declinedCount: 4,
      source: .training, populationCount: 700, acceptedCount: 490,
      scales: credit(robust: false).model.input.features.map { feature in
        FeatureScale(
          feature: feature.name,
          basis: feature.categories.isEmpty ? .medianAbsoluteDeviation : .category, width: 6,
          lower: 4, upper: 72)
      }, medianNeighbourDistance: 0.07,
      applicants: [
        CounterfactualApplicant(
          sample: 7, probability: 0.12,
          counterfactuals: [
            Counterfactual(
              values: [],
              changes: [
                .init(
                  feature: "duration", from: 36, to: 24, fromText: "36 months",
                  toText: "24 months"),
                .init(
                  feature: "checking account", from: 0, to: 3, fromText: "overdrawn", toText: "none"
                ),
              ], cost: 3, probability: 0.51, nearestDistance: 0.11)
          ], noRecourse: nil, nearestUnlikeCost: 5),
        CounterfactualApplicant(
          sample: 8, probability: 0.31, counterfactuals: [],
          noRecourse: NoRecourse(reason: .noneFound, bestProbability: 0.44),
          nearestUnlikeCost: nil),
      ], withoutRecourse: IntervalEstimate(successes: 1, of: 2), refusedCount: 0)
  }
}
