import Foundation
import Models
import Programs
import Tensors
import Testing

@testable import Assessments

@Suite("Costs of counterfactuals")
struct CounterfactualCostTests {
  private func measured(
    _ model: ProgramClassifier, _ subject: DecisionSubject
  ) throws -> CounterfactualAssessment {
    try #require(try CounterfactualAssessment.measured(of: model, subject))
  }

  @Test("No grid of two numbers holds a change that is cheaper by more than its step")
  func bruteForce() throws {
    let input = InputSpecification.table([
      Feature(name: "a", range: ValueRange(0...10)),
      Feature(name: "b", range: ValueRange(0...10), direction: .increase),
    ])
    let weights: [Float] = [-0.5, 0.75, 0, 0]
    let model = try DecisionModels.classifier(input, classes: 2) { x in
      // A kink: above 6 more of b no longer helps.
      let capped = Value.concatenated(
        [
          x.slice(axis: 1, 0..<1),
          x.slice(axis: 1, 1..<2).minimum(x.builder.constant(Tensor([6] as [Float]))),
        ],
        axis: 1)
      return capped.linear(
        weight: x.builder.constant(Tensor(weights, shape: [2, 2])),
        bias: x.builder.constant(Tensor([-2, 0] as [Float])))
    }
    let audited = DecisionModels.applicants(60, seed: 3, input: input)
    let subject = DecisionSubject(audited: audited, rule: DecisionRule(favourableClass: 0))
    let found = try measured(model, subject)
    #expect(found.applicants.count == 20)
    for applicant in found.applicants {
      let own = audited.inputs.row(applicant.sample - 100).doubles
      var cheapest = Double.infinity
      for i in 0...400 {
        for j in 0...400 {
          let a =
            found.scales[0].lower + Double(i) / 400
            * (found.scales[0].upper - found.scales[0].lower)
          let b = own[1] + Double(j) / 400 * max(found.scales[1].upper - own[1], 0)
          guard -0.5 * a + 0.75 * min(b, 6) - 2 >= 0 else { continue }
          let cost = abs(a - own[0]) / found.scales[0].width + (b - own[1]) / found.scales[1].width
          cheapest = min(cheapest, cost)
        }
      }
      let offer = try #require(applicant.counterfactuals.first)
      #expect(offer.cost <= cheapest + 0.02, "\(offer.cost) \(cheapest) \(own)")
    }
  }

  @Test("Where all values are few, every combination is tried and the cheapest is offered")
  func combinations() throws {
    let input = InputSpecification.table([
      Feature(name: "a", kind: .integer, range: ValueRange(0...4)),
      Feature(name: "b", kind: .categorical, categories: ["x", "y", "z"]),
      Feature(name: "c", kind: .binary),
      Feature(name: "d", kind: .integer, range: ValueRange(0...3), direction: .decrease),
    ])
    let audited = DecisionModels.applicants(50, seed: 6, input: input)
    for seed in 0..<4 {
      var random = RandomStream(seed: UInt64(seed), purpose: "small network")
      let (first, second) = (random.normal([8, 6]), random.normal([2, 8]))
      let model = try DecisionModels.classifier(input, classes: 2) { x in
        x.linear(weight: x.builder.constant(first)).relu().linear(
          weight: x.builder.constant(second))
      }
      let subject = DecisionSubject(audited: audited, rule: DecisionRule(favourableClass: 0))
      let found = try measured(model, subject)
      for applicant in found.applicants {
        let own = audited.inputs.row(applicant.sample - 100).floats
        let cheapest = try cheapest(model, own, found.scales, input)
        #expect(applicant.counterfactuals.first?.cost == cheapest)
        if cheapest == nil { #expect(applicant.noRecourse?.reason == .noneExists) }
      }
    }
  }

  private func cheapest(
    _ model: ProgramClassifier, _ own: [Float], _ scales: [FeatureScale],
    _ input: InputSpecification
  ) throws -> Double? {
    var best: Double?
    for a in 0..<5 {
      for b in 0..<3 {
        for c in 0..<2 {
          for d in 0...Int(own[3]) {
            let values = [a, b, c, d].map { Float($0) }
            guard (Double(a)) >= min(scales[0].lower, Double(own[0])),
              Double(a) <= max(scales[0].upper, Double(own[0])),
              Double(d) >= min(scales[3].lower, Double(own[3]))
            else { continue }
            let logits = try model.logits(input.encoded(Tensor(values, shape: [1, 4]))).doubles
            guard Float(1 / (1 + exp(logits[1] - logits[0]))) >= 0.5 else { continue }
            var cost = abs(Double(values[0]) - Double(own[0])) / scales[0].width
            cost += (values[1] != own[1] ? 1 : 0) + (values[2] != own[2] ? 1 : 0)
            cost += abs(Double(values[3]) - Double(own[3])) / scales[3].width
            best = min(best ?? .infinity, cost)
          }
        }
      }
    }
    return best
  }
}
