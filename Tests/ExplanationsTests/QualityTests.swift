import Execution
import Foundation
import Models
import Tensors
import Testing

@testable import Explanations

@Suite("Quality of explanations")
struct QualityTests {
  @Test("deletion and insertion of a linear model follow the logistic function of what is left")
  func linearCurves() throws {
    // The second logit is 0: the probability is the logistic function of the first.
    let model = try ClosedFormModels.linear([[3, -1, 2, 0.5], [0, 0, 0, 0]], bias: [-1, 0])
    let inputs = Tensor([1, 1, 1, 2] as [Float], shape: [1, 4])
    let request = AttributionRequest(inputs: inputs, classes: [0])
    let flipping = CellFlipping(
      request, origins: Tensor(zeros: [1, 4]), cells: FeatureCells(model.input), steps: 4)
    let scores = try Explainer.explain(InputTimesGradient(), request, model).values(0)
    #expect(scores == [3, -1, 2, 1])
    let logistic = { (z: Double) in 1 / (1 + exp(-z)) }
    let deletion = try flipping.curves(.deletion, scores: [scores], on: model)[0]
    let expected = [4.0, 1, -1, -2, -1].map(logistic)
    #expect(deletion.fractions == [0, 0.25, 0.5, 0.75, 1])
    #expect(agree(deletion.probabilities, expected))
    let area = zip(expected, expected.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 8 }
    #expect(agree([deletion.area], [area]))
    let insertion = try flipping.curves(.insertion, scores: [scores], on: model)[0]
    #expect(agree(insertion.probabilities, [-1.0, 2, 4, 5, 4].map(logistic)))
  }

  @Test("equal scores are removed in the order of their index, and points are spread evenly")
  func ties() throws {
    let model = try ClosedFormModels.linear([[1, 10, 100, 1000, 10000]], bias: [0])
    let inputs = Tensor(repeating: 1, shape: [1, 5])
    let flipping = CellFlipping(
      AttributionRequest(inputs: inputs, classes: [0]), origins: Tensor(zeros: [1, 5]),
      cells: FeatureCells(model.input), steps: 2)
    #expect(flipping.counts == [0, 3, 5])
    let curve = try flipping.curves(.deletion, scores: [[0, 0, 0, 0, 0]], on: model)[0]
    #expect(curve.fractions == [0, 0.6, 1])
    #expect(curve.probabilities[2] == 0.5)
  }

  @Test("randomised parameters keep mean and spread, differ from each other, and repeat by seed")
  func randomizedModel() throws {
    let model = try ClosedFormModels.random(seed: 1).model
    let randomized = try RandomizedModel.make(from: model, seed: 9)
    #expect(try RandomizedModel.make(from: model, seed: 9).parameters == randomized.parameters)
    let spread = { (tensor: Tensor) -> Double in
      let values = tensor.doubles
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count)).squareRoot()
    }
    let old = try #require(model.parameters["weight1"])
    let new = try #require(randomized.parameters["weight1"])
    #expect(new != old)
    // 256 draws: the spread is known to about 1 / √512 = 4.4 %.
    #expect(abs(spread(new) / spread(old) - 1) < 0.2)
    let other = try #require(randomized.parameters["weight0"])
    #expect(
      abs(
        try #require(
          VectorComparison.pearson(Array(new.doubles.prefix(96)), other.doubles))) < 0.4)

    var positive = model
    positive.parameters = ["variance": Tensor([0.1, 5, 0.2, 9] as [Float])]
    let drawn = try RandomizedModel.make(from: positive, seed: 1).parameters["variance"]
    #expect(try #require(drawn).floats.allSatisfy { $0 >= 0 })
    positive.parameters = ["scale": Tensor([1, 1] as [Float])]
    #expect(throws: ExplanationError.noParameters(model: "random")) {
      try RandomizedModel.make(from: positive, seed: 1)
    }
  }

  @Test("an assessment tells a gradient from its controls, the same on any number of threads")
  func assessment() throws {
    let model = try ClosedFormModels.random(seed: 21)
    let randomized = try ProgramClassifier(
      RandomizedModel.make(from: model.model, seed: 5), on: ReferenceBackend(), microBatch: 4)
    let request = LawTests.request(10)
    let method = IntegratedGradients()
    let attribution = try Explainer.explain(method, request, model)
    var settings = QualityAssessment()
    settings.curveSteps = 6
    settings.sensitivityDraws = 2
    let quality = try settings.assess(
      attribution, by: method, request, model, randomized: randomized)
    #expect(
      try settings.assess(
        attribution, by: method, request, model, randomized: randomized, threads: 2) == quality)
    let one = try settings.assess(
      Explainer.explain(method, request.rows(7..<8), model), by: method, request.rows(7..<8),
      model, randomized: randomized)
    #expect(one.samples == [quality.samples[7]])

    let deletion = try #require(quality.summary(\.deletion.method.area).mean)
    let random = try #require(quality.summary(\.deletion.random.area).mean)
    let insertion = try #require(quality.summary(\.insertion.method.area).mean)
    let randomInsertion = try #require(quality.summary(\.insertion.random.area).mean)
    #expect(deletion < random && insertion > randomInsertion)
    for sample in quality.samples {
      let infidelity = try #require(sample.infidelity)
      #expect(infidelity.scaled <= infidelity.value && infidelity.scaled <= infidelity.zero)
      #expect(abs(try #require(sample.randomizationCorrelation)) <= 1)
      #expect(try #require(sample.sensitivity).value > 0)
    }
  }

  @Test("contributions of a linear model predict every removal exactly; their slope never moves")
  func linearQuality() throws {
    let model = try ClosedFormModels.linear([[3, -1, 2, 0.5], [1, 0, -2, 4]], bias: [-1, 0])
    var random = RandomStream(seed: 3, purpose: "linear quality")
    let request = AttributionRequest(
      inputs: random.normal([3, 4]), classes: [0, 1, 1], background: random.normal([10, 4]))
    for method in [Saliency(), InputTimesGradient()] as [any AttributionMethod] {
      let found = try Explainer.explain(method, request, model)
      let quality = try QualityAssessment().assess(
        found, by: method, request, model, randomized: model)
      for sample in quality.samples {
        #expect(try #require(sample.infidelity).value < 1e-10)
        #expect(try #require(sample.infidelity).zero > 1e-3)
        // The control here is the model itself.
        #expect(abs(try #require(sample.randomizationCorrelation) - 1) < 1e-12)
        if method is Saliency { #expect(try #require(sample.sensitivity).value == 0) }
      }
    }
  }

  @Test("the shift of an explanation has the figures of its definition")
  func shift() throws {
    let shift = AttributionShift(
      clean: [4, -3, 2, 1], attacked: [-4, 3, 2, 1], topFraction: 0.5)
    #expect(shift.topCount == 2 && shift.topOverlap == 1)
    #expect(agree([try #require(shift.cosine)], [-20.0 / 30]))
    #expect(agree([try #require(shift.relativeDistance)], [10 / 30.0.squareRoot()]))
    // Ranks 4, 1, 3, 2 and 1, 4, 3, 2: 1 − 6 · 18 / (4 · 15).
    #expect(agree([try #require(shift.rankCorrelation)], [-0.8]))
    let still = AttributionShift(clean: [0, 0], attacked: [1, 2])
    #expect(still.rankCorrelation == nil && still.cosine == nil && still.relativeDistance == nil)
  }

  @Test("a figure's summary leaves out what is undefined, and says so")
  func summary() {
    let summary = QualitySummary([1, nil, 3])
    #expect(summary.mean == 2 && summary.count == 2 && summary.undefinedCount == 1)
    #expect(summary.standardError == 1)
    #expect(QualitySummary([nil]).mean == nil)
  }
}
