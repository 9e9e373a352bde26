import Execution
import Foundation
import Models
import Programs
import Tensors
import Testing

@testable import Assessments

@Suite("Reason codes")
struct ReasonCodeTests {
  private let everyReason = DecisionRule(favourableClass: 0, reasonCount: 7)

  @Test("Of a linear model they are the weights times the distance from the mean reference")
  func linear() throws {
    let subject = DecisionModels.subject(rule: everyReason)
    let found = try #require(
      try ReasonCodeAssessment.measured(of: DecisionModels.linear(), subject))
    let encoded = DecisionModels.input.encoded(subject.audited.inputs)
    let reference = try #require(found.reference)
    let references = encoded.rows(reference.samples.map { $0 - 100 }).doubles
    #expect(found.applicants.count > 20)
    for applicant in found.applicants {
      let values = encoded.row(applicant.sample - 100).doubles
      for reason in applicant.reasons {
        let column = try #require(
          DecisionModels.features.firstIndex { $0.name == reason.feature })
        let expected = DecisionModels.input.encodedBlocks[column].reduce(0.0) { sum, position in
          let mean =
            (0..<reference.count).reduce(0) { $0 + references[$1 * 9 + position] }
            / Double(reference.count)
          return sum + Double(DecisionModels.weights[position]) * (values[position] - mean)
        }
        #expect(abs(reason.contribution - expected) <= 1e-12, "\(reason.feature)")
        #expect(expected < 0)
      }
      #expect(applicant.isConverged && applicant.method == .integratedGradients)
      #expect(abs(applicant.completenessError) < 1e-5)
    }
  }

  @Test("The reference applicants are the accepted with the lowest scores")
  func reference() throws {
    let subject = DecisionModels.subject()
    let model = try DecisionModels.linear()
    let found = try #require(try ReasonCodeAssessment.measured(of: model, subject)?.reference)
    let logits = try model.logits(DecisionModels.input.encoded(subject.audited.inputs)).doubles
    let scores = (0..<120).map { logits[2 * $0] - logits[2 * $0 + 1] }
    let accepted = scores.filter { $0 >= 0 }.sorted()
    #expect(found.count == 20 && found.acceptedCount == accepted.count)
    #expect(found.samples.map { scores[$0 - 100] } == Array(accepted.prefix(20)))
    #expect(found.highestScore == accepted[19])
    let durations = found.samples.map { subject.audited.inputs.row($0 - 100).doubles[1] }
    #expect(found.typicalValues[1].value == durations.sorted()[9])
    #expect(found.typicalValues[1].text == "\(Int(durations.sorted()[9])) months")
  }

  @Test("A linear model's principal reason, its value and the typical one are told in words")
  func wording() throws {
    let found = try #require(
      try ReasonCodeAssessment.measured(of: DecisionModels.linear(), DecisionModels.subject()))
    let reasons = found.applicants.flatMap(\.reasons)
    let housing = try #require(reasons.first { $0.feature == "housing" })
    #expect(["rent", "own", "free"].contains(housing.valueText))
    #expect(reasons.first { $0.feature == "duration" }?.valueText.hasSuffix(" months") == true)
  }

  @Test("At most as many as the rule allows, each lowers the score, and unused features are none")
  func limits() throws {
    for seed in 0..<2 {
      let found = try #require(
        try ReasonCodeAssessment.measured(
          of: DecisionModels.random(seed: UInt64(seed)), DecisionModels.subject(50)))
      for applicant in found.applicants {
        #expect(applicant.reasons.count <= 4)
        #expect(applicant.reasons.allSatisfy { $0.contribution < -0.01 * applicant.shortfall })
        #expect(
          applicant.reasons.map(\.contribution).sorted() == applicant.reasons.map(\.contribution))
        #expect(!applicant.reasons.contains { $0.feature == "shoe size" })
        #expect(applicant.coverage >= 0 && applicant.coverage <= 1 + 1e-9)
      }
    }
  }

  @Test("Protected features are flagged, not left out")
  func protection() throws {
    var subject = DecisionModels.subject(rule: everyReason)
    subject.protectedFeatures = ["age"]
    let found = try #require(
      try ReasonCodeAssessment.measured(of: DecisionModels.linear(), subject))
    let flagged = found.applicants.flatMap(\.reasons).filter(\.isProtected)
    #expect(!flagged.isEmpty && flagged.allSatisfy { $0.feature == "age" })
    #expect(
      found.flaggedCount == found.applicants.count { $0.reasons.contains { $0.feature == "age" } })
    #expect(found.frequencies.filter(\.isProtected).map(\.feature) == ["age"])
  }

  @Test("Frequencies of groups add up to those of all")
  func groups() throws {
    var subject = DecisionModels.subject()
    let values = (0..<120).map { $0 % 3 == 0 ? "a" : "b" }
    subject.attributes = [ApplicantAttribute(name: "letter", values: values)]
    let found = try #require(
      try ReasonCodeAssessment.measured(of: DecisionModels.linear(), subject))
    #expect(found.groups.map(\.value) == ["a", "b"])
    #expect(found.groups.map(\.auditedCount) == [40, 80])
    for frequency in found.frequencies {
      let parts = found.groups.flatMap(\.frequencies).filter { $0.feature == frequency.feature }
      #expect(parts.reduce(0) { $0 + $1.count } == frequency.count)
      #expect(parts.reduce(0) { $0 + $1.firstCount } == frequency.firstCount)
    }
  }

  @Test("The same on one thread and several, and after a way through JSON")
  func determinism() throws {
    let model = try DecisionModels.random(seed: 3)
    let subject = DecisionModels.subject(60)
    let found = try #require(try ReasonCodeAssessment.measured(of: model, subject))
    #expect(try ReasonCodeAssessment.measured(of: model, subject, threads: 3) == found)
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(ReasonCodeAssessment.self, from: data) == found)
  }

  @Test("Nothing for what is no table, and no reasons where nobody is accepted")
  func absence() throws {
    let image = InputSpecification.image([1, 2, 2])
    let model = try DecisionModels.classifier(image, classes: 2) { x in
      x.flattened().slice(axis: 1, 0..<2)
    }
    let pictures = LabelledSamples(
      inputs: Tensor(zeros: [3, 1, 2, 2]), labels: [0, 0, 0], samples: [0, 1, 2])
    let subject = DecisionSubject(audited: pictures, rule: DecisionRule(favourableClass: 0))
    #expect(try ReasonCodeAssessment.measured(of: model, subject) == nil)
    let strict = DecisionRule(favourableClass: 0, cutoff: 0.999_999)
    let found = try #require(
      try ReasonCodeAssessment.measured(
        of: DecisionModels.linear(), DecisionModels.subject(rule: strict)))
    #expect(found.acceptedCount == 0 && found.reference == nil && found.applicants.isEmpty)
    #expect(!found.isWithdrawn)
  }
}
