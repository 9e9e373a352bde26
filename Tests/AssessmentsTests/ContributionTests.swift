import Execution
import Foundation
import Models
import Tensors
import Testing

@testable import Assessments

@Suite("Contributions against a reference population")
struct ContributionTests {
  private struct Case {
    let applicants: Applicants
    let references: ReferenceStarts
    let declined: [Int]
  }

  private func example(_ model: ProgramClassifier, favourable: Int = 0) throws -> Case {
    let rule = DecisionRule(favourableClass: favourable)
    let applicants = try Applicants(
      DecisionModels.applicants(80, seed: 4), model, rule, threads: 1)
    let positions = ReferencePopulation.nearest(applicants)
    return Case(
      applicants: applicants, references: ReferenceStarts(positions, of: applicants),
      declined: Array(applicants.declined.prefix(6)))
  }

  private func paths(
    _ model: ProgramClassifier, _ example: Case, _ row: Int, favourable: Int = 0
  ) throws -> ReferenceContributions {
    let logOdds = LogOdds(favourableClass: favourable)
    return try PathContributions(model: LogOddsClassifier(base: model, logOdds: logOdds))
      .contributions(
        of: example.applicants.encoded[row], score: example.applicants.scores[row],
        from: example.references)
  }

  private func sampling(
    _ model: ProgramClassifier, _ example: Case, _ row: Int
  ) throws -> ReferenceContributions {
    try ShapleyContributions(model: model, logOdds: LogOdds(favourableClass: 0), seed: 8)
      .contributions(
        of: example.applicants.encoded[row], sample: row, score: example.applicants.scores[row],
        from: example.references)
  }

  @Test("Paths and orders agree on an additive model, where each feature has one answer")
  func additive() throws {
    let model = try DecisionModels.additive()
    let example = try example(model)
    #expect(!example.declined.isEmpty)
    for row in example.declined {
      let (a, b) = (try paths(model, example, row), try sampling(model, example, row))
      #expect(a.isConverged && b.isConverged)
      for (x, y) in zip(a.means, b.means) {
        #expect(abs(x - y) <= 1e-3 * abs(a.difference), "\(x) \(y)")
      }
    }
  }

  @Test("Both sum to the difference of scores on networks of rectifiers")
  func completeness() throws {
    for seed in 0..<3 {
      let model = try DecisionModels.random(seed: UInt64(seed))
      let example = try example(model)
      for row in example.declined {
        let difference = example.applicants.scores[row] - example.references.meanScore
        let path = try paths(model, example, row)
        if path.isConverged {
          #expect(
            abs(path.means.reduce(0, +) - difference) <= max(1e-3 * abs(difference), 1e-5) + 1e-9)
        }
        let orders = try sampling(model, example, row)
        #expect(abs(orders.means.reduce(0, +) - difference) <= 1e-4)
        #expect(abs(orders.error) <= 1e-4)
      }
    }
  }

  @Test("Orders approach the Shapley values of all orders")
  func shapley() throws {
    let model = try DecisionModels.random(seed: 1)
    let example = try example(model)
    let row = try #require(example.declined.first)
    let found = try sampling(model, example, row)
    let exact = try exactShapley(model, example, row)
    for (feature, value) in exact.enumerated() {
      let slack = 5 * found.standardErrors[feature] + 1e-5
      #expect(abs(found.means[feature] - value) <= slack, "\(feature): \(value)")
    }
  }

  /// Shapley values from every coalition of features, averaged over the references.
  private func exactShapley(
    _ model: ProgramClassifier, _ example: Case, _ row: Int
  ) throws -> [Double] {
    let blocks = DecisionModels.input.encodedBlocks
    let (count, logOdds) = (blocks.count, LogOdds(favourableClass: 0))
    var result = [Double](repeating: 0, count: count)
    for reference in example.references.encoded {
      let rows = (0..<1 << count).flatMap { coalition -> [Float] in
        var values = reference
        for feature in 0..<count where coalition >> feature & 1 == 1 {
          for position in blocks[feature] {
            values[position] = example.applicants.encoded[row][position]
          }
        }
        return values
      }
      let scores = logOdds.rows(
        try model.logits(Tensor(rows, shape: [1 << count, reference.count])))
      let factorials = (0...count).map { tgamma(Double($0 + 1)) }
      for coalition in 0..<1 << count {
        let size = coalition.nonzeroBitCount
        for feature in 0..<count where coalition >> feature & 1 == 0 {
          let weight = factorials[size] * factorials[count - size - 1] / factorials[count]
          result[feature] += weight * (scores[coalition | 1 << feature] - scores[coalition])
        }
      }
    }
    return result.map { $0 / Double(example.references.count) }
  }

  @Test("The log-odds of one of several classes are traced as they are computed")
  func severalClasses() throws {
    let model = try DecisionModels.random(seed: 2, classes: 4)
    let inputs = DecisionModels.input.encoded(DecisionModels.applicants(9, seed: 2).inputs)
    let logits = try model.logits(inputs).doubles
    for favourable in 0..<4 {
      let logOdds = LogOdds(favourableClass: favourable)
      let expected = (0..<9).map { row -> Double in
        let exponentials = (0..<4).map { exp(logits[row * 4 + $0]) }
        let p = exponentials[favourable] / exponentials.reduce(0, +)
        return log(p) - log(1 - p)
      }
      let traced = try LogOddsClassifier(base: model, logOdds: logOdds)
        .gradient(of: .logit, classes: Tensor([Int64](repeating: 0, count: 9)), at: inputs)
      let eager = logOdds.rows(try model.logits(inputs))
      for row in 0..<9 {
        #expect(abs(eager[row] - expected[row]) < 1e-9 * max(1, abs(expected[row])))
        #expect(abs(traced.value.doubles[row] - expected[row]) < 1e-5 * max(1, abs(expected[row])))
      }
      let example = try example(model, favourable: favourable)
      for row in example.declined.prefix(2) where !example.references.encoded.isEmpty {
        let found = try paths(model, example, row, favourable: favourable)
        #expect(!found.isConverged || abs(found.error) <= max(1e-3 * abs(found.difference), 1e-5))
      }
    }
  }

  @Test("A model known by its answers only has reasons as well, by the stated method")
  func queries() throws {
    let gradients = try DecisionModels.linear()
    let queries = try QueryClassifier(gradients.model, on: ReferenceBackend(), microBatch: 64)
    let subject = DecisionModels.subject(60)
    let a = try #require(try ReasonCodeAssessment.measured(of: gradients, subject))
    let b = try #require(try ReasonCodeAssessment.measured(of: queries, subject))
    #expect(b.applicants.allSatisfy { $0.method == .shapleySampling && $0.isConverged })
    #expect(
      a.applicants.map { $0.reasons.map(\.feature) }
        == b.applicants.map { $0.reasons.map(\.feature) })
  }
}
