import Foundation
import Models
import Statistics
import Tensors
import Testing

@testable import Assessments

@Suite("Corruption assessment")
struct CorruptionAssessmentTests {
  /// Class 1 from a value of 0 on, with logits ± v.
  private let classifier = LinearClassifier(
    InputSpecification(layout: .array, shape: [1]), weights: [[-1], [1]])

  @Test("Accuracy, changed answers and confidence are those of the answers, counted by hand")
  func counts() throws {
    let values = (0..<400).map { Float($0) / 200 - 0.9975 }
    let samples = SampleInputs.labelled(
      Tensor(values, shape: [400, 1]), labels: values.map { $0 > 0 ? 1 : 0 })
    let assessment = try CorruptionAssessment(of: classifier, on: samples, seed: 9)
    #expect(assessment.cleanAccuracy.value == 1)
    let run = CorruptionRun(
      classifier, samples: samples, reference: samples, seed: 9, threads: 1, batch: nil)
    for outcome in assessment.outcomes {
      let corruption = try #require(CorruptionRegistry.all.first { $0.kind == outcome.kind })
      for level in outcome.levels {
        let noisy = try run.corrupted(0..<400, by: corruption, strength: level.strength).doubles
        let wrong = zip(noisy, samples.labels).count { ($0 > 0 ? 1 : 0) != $1 }
        #expect(level.accuracy.value == 1 - Double(wrong) / 400)
        #expect(level.changed.value == Double(wrong) / 400)
        let confidence = noisy.reduce(0) { $0 + 1 / (1 + exp(-2 * abs($1))) } / 400
        #expect(abs((level.meanConfidence ?? 0) - confidence) < 1e-6)
        #expect(level.undefinedCount == 0 && level.accuracy.count == 400)
      }
      let mean = outcome.levels.reduce(0) { $0 + ($1.accuracy.value ?? 0) } / 5
      #expect(abs((outcome.meanAccuracy ?? 0) - mean) < 1e-15)
    }
    let least = assessment.outcomes.compactMap(\.meanAccuracy).min()
    #expect(assessment.worst?.meanAccuracy == least)
  }

  @Test("Noise of the stated size turns as many answers as the normal distribution says")
  func expectedErrors() throws {
    // All values 1, reference of standard deviation 4: noise of 0.5 · 4 = 2 turns Φ(−1/2).
    let count = 4_000
    let ones = SampleInputs.labelled(
      Tensor([Float](repeating: 1, count: count), shape: [count, 1]),
      labels: [Int](repeating: 1, count: count))
    let spread = SampleInputs.labelled(Tensor([-3, 5, -3, 5] as [Float], shape: [4, 1]))
    let assessment = try CorruptionAssessment(
      of: classifier, on: ones, training: spread, names: ["jitter"], seed: 1)
    let changed = try #require(assessment.outcomes[0].levels[4].changed.value)
    let expected = 0.5 * erfc(0.5 / 2.0.squareRoot())
    #expect(abs(changed - expected) < 4 * (expected * (1 - expected) / Double(count)).squareRoot())
    #expect(assessment.reference == .training && assessment.referenceCount == 4)
  }

  @Test("An answer that is no number counts as wrong and changed")
  func undefinedAnswers() throws {
    struct Broken: Classifier {
      let input = InputSpecification(layout: .array, shape: [1])
      let classNames = ["a", "b"]
      let microBatch = 1
      func logits(_ inputs: Tensor) throws -> Tensor {
        let rows = inputs.floats.flatMap { value -> [Float] in
          [value == value.rounded() ? 1 : .nan, 0]
        }
        return Tensor(rows, shape: [inputs.shape[0], 2])
      }
    }
    let samples = SampleInputs.labelled(
      Tensor([0, 1, 2, 3] as [Float], shape: [4, 1]), labels: [0, 0, 0, 1])
    let assessment = try CorruptionAssessment(of: Broken(), on: samples, names: ["jitter"])
    #expect(assessment.cleanAccuracy.value == 0.75)
    let level = assessment.outcomes[0].levels[0]
    #expect(level.undefinedCount == 4 && level.accuracy.value == 0 && level.changed.value == 1)
    #expect(level.meanConfidence == nil)
    let copy = try JSONDecoder().decode(
      CorruptionAssessment.self, from: JSONEncoder().encode(assessment))
    #expect(copy == assessment)
  }
}
