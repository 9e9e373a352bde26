import Execution
import Foundation
import Models
import Programs
import Statistics
import Tensors
import Testing

@testable import Assessments

@Suite("Counterfactuals")
struct CounterfactualTests {
  private func measured(
    _ model: ProgramClassifier, _ subject: DecisionSubject = DecisionModels.subject(),
    threads: Int = 1
  ) throws -> CounterfactualAssessment {
    try #require(
      try CounterfactualAssessment.measured(of: model, subject, threads: threads))
  }

  @Test(
    "Values stay valid, immutable features stay, directions are kept, and the model accepts",
    arguments: 0..<6)
  func validity(seed: Int) throws {
    let model = try DecisionModels.random(seed: UInt64(seed), classes: seed % 2 == 0 ? 2 : 3)
    let subject = DecisionModels.subject(seed: UInt64(seed) + 10)
    let found = try measured(model, subject)
    #expect(found.refusedCount == 0)
    for applicant in found.applicants {
      let own = subject.audited.inputs.row(applicant.sample - 100).floats
      #expect(applicant.counterfactuals.isEmpty == (applicant.noRecourse != nil))
      for offer in applicant.counterfactuals {
        let values = Tensor(offer.values, shape: [1, 7])
        #expect(DecisionModels.input.firstViolation(in: values) == nil)
        #expect(offer.values[0] >= own[0] && offer.values[5] <= own[5])
        #expect(offer.values[4] == own[4])
        let encoded = DecisionModels.input.encoded(values)
        #expect(encoded.floats[2..<5].sorted() == [0, 0, 1])
        let logits = try model.verifiedLogits(encoded, threads: 1).doubles.map { exp($0) }
        let probability = logits[0] / logits.reduce(0, +)
        #expect(Float(probability) >= 0.5)
        #expect(abs(probability - offer.probability) < 1e-9)
        let changed = own.indices.filter { own[$0] != offer.values[$0] }
        #expect(offer.changes.map(\.feature) == changed.map { DecisionModels.features[$0].name })
        if let unlike = applicant.nearestUnlikeCost {
          #expect(applicant.counterfactuals[0].cost <= unlike + 1e-9)
        }
      }
      let sets = applicant.counterfactuals.map { Set($0.changes.map(\.feature)) }
      #expect(sets.count <= 3)
      for (index, set) in sets.enumerated() {
        #expect(sets.enumerated().allSatisfy { $0 == index || !$1.isSubset(of: set) })
      }
      #expect(
        applicant.counterfactuals.map(\.cost).sorted() == applicant.counterfactuals.map(\.cost))
    }
  }

  @Test("The cost is the change over the median absolute deviation, 1 for a category")
  func cost() throws {
    let subject = DecisionModels.subject()
    let found = try measured(try DecisionModels.linear(), subject)
    let durations = (0..<120).map { subject.audited.inputs.row($0).doubles[1] }
    func median(_ values: [Double]) -> Double {
      let sorted = values.sorted()
      return (sorted[59] + sorted[60]) / 2
    }
    let middle = median(durations)
    let deviation = median(durations.map { abs($0 - middle) })
    #expect(found.scales[1].basis == .medianAbsoluteDeviation)
    #expect(found.scales[1].width == deviation)
    let offers = found.applicants.flatMap(\.counterfactuals)
    #expect(!offers.isEmpty)
    for offer in offers {
      let expected = offer.changes.reduce(0.0) { sum, change in
        let scale = found.scales.first { $0.feature == change.feature }
        return sum
          + (scale?.basis == .category ? 1 : abs(change.to - change.from) / (scale?.width ?? 0))
      }
      #expect(abs(offer.cost - expected) < 1e-9)
    }
  }

  @Test("A model that looks at what nobody can change gives no recourse, and says so")
  func noRecourse() throws {
    var weights = [Float](repeating: 0, count: 9)
    weights[6] = 1
    let ageOnly = try DecisionModels.classifier(classes: 2) { x in
      x.linear(
        weight: x.builder.constant(Tensor(weights + weights.map { _ in 0 }, shape: [2, 9])),
        bias: x.builder.constant(Tensor([-50, 0] as [Float])))
    }
    let found = try measured(ageOnly)
    #expect(!found.applicants.isEmpty)
    for applicant in found.applicants {
      #expect(applicant.counterfactuals.isEmpty && applicant.nearestUnlikeCost == nil)
      #expect(applicant.noRecourse?.reason == .noneFound)
      #expect(applicant.noRecourse?.bestProbability == applicant.probability)
    }
    #expect(found.withoutRecourse.value == 1)
  }

  @Test("Where no feature can be changed, that is the reason")
  func nothingMutable() throws {
    let input = InputSpecification.table([
      Feature(name: "age", range: ValueRange(0...1), isMutable: false)
    ])
    let model = try DecisionModels.classifier(input, classes: 2) { x in
      x.linear(
        weight: x.builder.constant(Tensor([1, 0] as [Float], shape: [2, 1])),
        bias: x.builder.constant(Tensor([-0.5, 0] as [Float])))
    }
    let audited = DecisionModels.applicants(30, seed: 1, input: input)
    let found = try measured(
      model, DecisionSubject(audited: audited, rule: DecisionRule(favourableClass: 0)))
    #expect(found.applicants.allSatisfy { $0.noRecourse?.reason == .nothingMutable })
    #expect(!found.applicants.isEmpty)
  }

  @Test("The declined are chosen evenly, and results do not depend on threads")
  func determinism() throws {
    let model = try DecisionModels.random(seed: 5)
    let rule = DecisionRule(favourableClass: 0, counterfactualCount: 7)
    let subject = DecisionModels.subject(rule: rule)
    let found = try measured(model, subject)
    #expect(found.applicants.count == min(7, found.declinedCount))
    #expect(try measured(model, subject, threads: 3) == found)
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(CounterfactualAssessment.self, from: data) == found)
    #expect(EvenSpread.positions(3, of: 9) == [0, 3, 6])
    #expect(EvenSpread.positions(5, of: 2) == [0, 1])
  }

  @Test("The check refuses what the constraints forbid, each with its reason")
  func check() {
    let own: [Float] = [5, 20, 1, 0, 40, 2, 40]
    func violation(_ column: Int, _ value: Float) -> String? {
      var values = own
      values[column] = value
      return CounterfactualCheck.violation(values, of: own, DecisionModels.input)
    }
    #expect(violation(0, 6) == nil)
    #expect(violation(0, 4) == "'income' may only increase")
    #expect(violation(0, 11) == "'income' leaves its range [0.0, 10.0]")
    #expect(violation(1, 20.5) == "'duration' is no whole number")
    #expect(violation(2, 3) == "'housing' is no category")
    #expect(violation(3, 0.5) == "'telephone' is neither 0 nor 1")
    #expect(violation(4, 41) == "'age' cannot be changed")
    #expect(violation(5, 3) == "'debt' may only decrease")
    #expect(violation(6, .nan) == "'shoe size' is no finite number")
    #expect(violation(0, 5) == "nothing changes")
  }

  @Test("Distances between applicants are Gower's")
  func distances() throws {
    let subject = DecisionModels.subject(6)
    let applicants = try Applicants(
      subject.audited, DecisionModels.linear(), subject.rule, threads: 1)
    let scale = PopulationScale(applicants, features: DecisionModels.features)
    let (a, b) = (applicants.raw[0], applicants.raw[1])
    var expected = 0.0
    for (column, feature) in DecisionModels.features.enumerated() {
      let values = applicants.raw.map { Double($0[column]) }
      let range = (values.max() ?? 0) - (values.min() ?? 0)
      let gap = abs(Double(a[column]) - Double(b[column]))
      expected +=
        feature.kind == .categorical || feature.kind == .binary ? (gap > 0 ? 1 : 0) : gap / range
    }
    #expect(abs(scale.distance(a, b) - expected / 7) < 1e-12)
    #expect(scale.distance(a, a) == 0)
    #expect(scale.nearestDistance(a, except: nil) == 0)
    let nearest = applicants.raw.dropFirst().map { scale.distance(a, $0) }.min()
    #expect(scale.nearestDistance(a, except: 0) == nearest)
  }
}
