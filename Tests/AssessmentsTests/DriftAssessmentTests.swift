import Foundation
import Statistics
import Tensors
import Testing

@testable import Assessments

@Suite("Drift assessment")
struct DriftAssessmentTests {
  private let classNames = ["good", "bad"]

  private func assessment(
    _ training: LabelledSamples, _ audited: LabelledSamples, _ input: InputSpecification
  ) -> DriftAssessment {
    DriftAssessment(training: training, audited: audited, input: input, classNames: classNames)
  }

  @Test("Samples of one population are stable, and nothing is certain")
  func noDrift() {
    let drift = assessment(
      SampleInputs.table(800, seed: 1), SampleInputs.table(400, seed: 2), SampleInputs.tableInput)
    #expect(drift.inputs.map(\.name) == ["income", "age", "telephone", "housing", "rate"])
    #expect(
      drift.inputs.map(\.test.rawValue) == [
        "kolmogorov-smirnov", "kolmogorov-smirnov", "chi-square", "chi-square",
        "kolmogorov-smirnov",
      ])
    for comparison in drift.inputs {
      #expect(comparison.stability < DriftAssessment.stableBelow)
      #expect((comparison.adjustedProbability ?? 0) > 0.05)
    }
    #expect(drift.shifted == [])
    #expect(drift.labels?.statistic == 0 && drift.labels?.probability == 1)
    #expect(drift.scores == nil)
  }

  @Test("A feature that moved is found, and it alone")
  func movedFeature() throws {
    let training = SampleInputs.table(800, seed: 1)
    let audited = SampleInputs.table(400, seed: 2)
    var values = audited.inputs.floats
    for row in 0..<400 { values[row * 5] += 1_000 }
    let moved = SampleInputs.labelled(Tensor(values, shape: [400, 5]))
    let drift = assessment(training, moved, SampleInputs.tableInput)
    #expect(drift.shifted.map(\.name) == ["income"])
    let income = try #require(drift.inputs.first)
    #expect((income.adjustedProbability ?? 1) < 1e-6)
    // The same from the definitions, value by value.
    let first = (0..<800).map { Double(training.inputs.floats[$0 * 5]) }
    let second = (0..<400).map { Double(values[$0 * 5]) }
    let distance =
      (first + second).map { x in
        abs(Double(first.count { $0 <= x }) / 800 - Double(second.count { $0 <= x }) / 400)
      }.max() ?? 0
    #expect(abs(income.statistic - distance) < 1e-12)
    var index = 0.0
    for (position, bin) in income.bins.enumerated() {
      let lower = position == 0 ? -Double.infinity : income.bins[position - 1].upper ?? .infinity
      let upper = bin.upper ?? .infinity
      let shares = [first, second].map { values in
        let count = values.count { $0 > lower && $0 <= upper }
        return Double(count) / Double(values.count)
      }
      #expect(abs(bin.trainingShare - shares[0]) < 1e-12)
      #expect(abs(bin.auditedShare - shares[1]) < 1e-12)
      let q = shares[1] == 0 ? 0.5 / 400 : shares[1]
      index += (q - shares[0]) * log(q / shares[0])
    }
    #expect(abs(income.stability - index) < 1e-12)
  }

  @Test("P-values of the inputs are Holm's, those of labels and scores their own")
  func adjustment() {
    let training = SampleInputs.table(300, seed: 1)
    let audited = SampleInputs.table(200, seed: 4)
    let drift = DriftAssessment(
      training: training, audited: audited, input: SampleInputs.tableInput,
      classNames: classNames,
      trainingLogits: Tensor((0..<600).map { Float($0 % 7) }, shape: [300, 2]),
      auditedLogits: Tensor((0..<400).map { Float($0 % 5) }, shape: [200, 2]),
      favourableClass: 1)
    #expect(
      drift.inputs.compactMap(\.adjustedProbability)
        == HolmCorrection.adjusted(drift.inputs.map(\.probability)))
    #expect(drift.labels?.adjustedProbability == nil)
    #expect(drift.scores?.name == "bad" && drift.scores?.adjustedProbability == nil)
    #expect(drift.scores?.auditedCount == 200)
  }

  @Test("The model's answers are compared where it is asked")
  func answers() throws {
    let input = InputSpecification(layout: .array, shape: [1])
    let classifier = LinearClassifier(input, weights: [[0], [1]])
    let training = SampleInputs.labelled(
      Tensor((0..<90).map { Float($0) / 45 - 1 }, shape: [90, 1]))
    let audited = SampleInputs.labelled(
      Tensor((0..<60).map { Float($0) / 30 }, shape: [60, 1]))
    let drift = try DriftAssessment(
      of: classifier, audited: audited, training: training, favourableClass: 1)
    // A probability rises with the value, so that the distance is that of the values.
    let test = KolmogorovSmirnovTest(training.inputs.doubles, audited.inputs.doubles)
    #expect(drift.scores?.statistic == test.statistic)
    #expect(drift.scores?.name == "class 1")
  }

  @Test("Scores are probabilities; answers that are no numbers are left out")
  func scores() {
    let logits = Tensor([0, 0, 2, 0, .nan, 1] as [Float], shape: [3, 2])
    #expect(ClassAnswers.scores(logits, of: 1).count == 2)
    #expect(abs(ClassAnswers.scores(logits, of: 1)[1] - 1 / (1 + exp(2.0))) < 1e-12)
    #expect(abs(ClassAnswers.scores(logits, of: nil)[1] - 1 / (1 + exp(-2.0))) < 1e-12)
  }

  @Test("Images are compared by summaries that are known on paper")
  func pictures() {
    // A bright pixel in the last row and first column of 2 × 3.
    let picture = PictureSummary([0.5, 0.5, 0.5, 0.9, 0.5, 0.5], [1, 2, 3])
    #expect(abs(picture.centreRow - 0.75) < 1e-6 && abs(picture.centreColumn - 1.0 / 6) < 1e-6)
    // Seven pairs of neighbours, two of which differ by 0.4.
    #expect(abs(picture.edgeEnergy - 0.8 / 7) < 1e-6)
    let flat = PictureSummary([1, 1, 1, 1], [1, 2, 2])
    #expect(flat.centreRow == 0.5 && flat.edgeEnergy == 0)
    let drift = assessment(
      SampleInputs.images(60), SampleInputs.images(40), .image([1, 16, 16]))
    #expect(
      drift.inputs.map(\.quantity) == [.mean, .deviation, .edgeEnergy, .centreRow, .centreColumn])
  }

  @Test("Sequences are compared channel by channel")
  func channels() throws {
    let input = InputSpecification(
      layout: .sequence, shape: [2, 80], features: [Feature(name: "I"), Feature(name: "II")])
    let drift = assessment(SampleInputs.sequences(50), SampleInputs.sequences(30), input)
    #expect(drift.inputs.map(\.name) == ["I", "I", "II", "II"])
    #expect(drift.inputs.map(\.quantity) == [.mean, .deviation, .mean, .deviation])
    let copy = try JSONDecoder().decode(DriftAssessment.self, from: JSONEncoder().encode(drift))
    #expect(copy == drift)
  }
}
