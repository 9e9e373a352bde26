import Statistics
import Testing

@testable import Assessments

@Suite("Evidence for reasons")
struct ReasonEvidenceTests {
  @Test("Reasons that move the score no more than control features are withdrawn")
  func withdrawal() {
    func validation(_ lifts: [(Double, Double, Double)]) -> ReasonValidation {
      ReasonValidation(
        lifts.map { ReasonLift(reasons: $0.0, random: $0.1, least: $0.2) }, seed: 1)
    }
    #expect(!validation([(2, 1, 0), (1, 1.5, 0)]).isFailed)
    #expect(validation([(1, 1, 0), (1, 1, 0)]).isFailed)
    #expect(validation([(1, 0, 2)]).isFailed)
    #expect(!validation([]).isFailed)
    let found = validation([(2, 1, 0), (1, 1.5, 0), (3, 1, 1)])
    #expect(found.beatsRandom.value == 2.0 / 3)
    #expect(abs((found.advantage.value ?? 0) - (2 + 1 + 3 - 3.5) / 3) < 1e-12)
    #expect(found.leastAdvantage.value == 5.0 / 3)
  }

  @Test("Reasons of a linear model beat random features, which beat the least")
  func validation() throws {
    let found = try #require(
      try ReasonCodeAssessment.measured(of: DecisionModels.linear(), DecisionModels.subject()))
    let validation = found.validation
    #expect(!found.isWithdrawn && validation.count > 20)
    let reasons = try #require(validation.reasons.value)
    let random = try #require(validation.random.value)
    let least = try #require(validation.least.value)
    #expect(reasons > random && random > least)
    // Replacing features of a linear model raises the score by what they contribute.
    let expected = found.applicants.filter { !$0.reasons.isEmpty }
      .map { -$0.reasons.reduce(0) { $0 + $1.contribution } }
    #expect(abs(reasons - expected.reduce(0, +) / Double(expected.count)) < 1e-4)
  }

  @Test("Agreement of lists: the first reason, Jaccard's overlap and the ranks")
  func agreement() {
    let given = ReferenceContributions(
      perReference: [[-3, -2, 1, -0.001]], error: 0, difference: -4.001,
      standardErrors: [0, 0, 0, 0], steps: 1, isConverged: true)
    let selection = ReasonSelection(limit: 2, given)
    #expect(selection.reasons([-3, -2, 1, -0.001]) == [0, 1])
    #expect(selection.reasons([-0.03, 2, 1, 0]).isEmpty)
    let same = ReasonStability.Agreement(
      of: [[-3, -2, 1, -0.001]], with: given.means, selection)
    #expect(same == .init(firstKept: 1, overlap: 1, rankCorrelation: 1))
    let others = ReasonStability.Agreement(
      of: [[-2, -3, 1, 0], [-3, 0, -2, 0]], with: given.means, selection)
    #expect(others.firstKept == 0.5)
    #expect(abs(others.overlap - (1 + 1.0 / 3) / 2) < 1e-12)
  }

  @Test("What is known too inexactly is no reason")
  func inexact() {
    let found = ReferenceContributions(
      perReference: [[-1, -1, -0.5]], error: 0, difference: -2.5, standardErrors: [0.6, 0.4, 0],
      steps: 4, isConverged: true)
    #expect(ReasonSelection(limit: 4, found).reasons(found.means) == [1, 2])
  }

  @Test("Reasons of a linear model stay with other halves of the reference population")
  func stability() throws {
    let found = try #require(
      try ReasonCodeAssessment.measured(of: DecisionModels.linear(), DecisionModels.subject()))
    let halves = found.stability.halves
    #expect(found.stability.halfCount == 10)
    #expect(found.stability.wholePopulationCount == 50)
    #expect(halves.firstKept.value ?? 0 > 0.6 && halves.rankCorrelation.value ?? 0 > 0.8)
    #expect(halves.overlap.count == found.applicants.count { !$0.reasons.isEmpty })
  }
}
