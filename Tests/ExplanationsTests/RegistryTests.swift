import Foundation
import Models
import Tensors
import Testing

@testable import Explanations

@Suite("Registry of attribution methods")
struct RegistryTests {
  @Test("names are unique and methods survive encoding", arguments: AttributionRegistry.names)
  func names(_ name: String) throws {
    #expect(AttributionRegistry.names.filter { $0 == name }.count == 1)
    let method = try AttributionRegistry.method(named: name)
    #expect(try roundTrip(method))
  }

  private func roundTrip<Method: AttributionMethod>(_ method: Method) throws -> Bool {
    try JSONDecoder().decode(Method.self, from: JSONEncoder().encode(method)) == method
  }

  @Test("settings are taken from numbers, texts and either spelling of their names")
  func settings() throws {
    let method = try AttributionRegistry.method(
      named: "integrated-gradients",
      settings: [
        "steps": .string("50"), "quadrature": .string("gauss-legendre"),
        "baseline": .string("blur:2"),
        "maximum-steps": .int(100), "initialSteps": .int(10),
      ])
    var expected = IntegratedGradients()
    expected.steps = 50
    expected.quadrature = .nodes(.gaussLegendre)
    expected.baseline = .blur(sigma: 2)
    (expected.maximumSteps, expected.initialSteps) = (100, 10)
    #expect(method as? IntegratedGradients == expected)
    #expect(
      IntegratedGradients().parameters.map { "\($0.name)=\($0.value)" } == [
        "baseline=zero", "quadrature=bisection", "steps=automatic", "initial-steps=32",
        "maximum-steps=1024",
      ])
  }

  @Test("mistakes are named with what was meant")
  func mistakes() {
    let cases: [(String, [String: SettingValue], String)] = [
      (
        "integratd-gradients", [:],
        "unknown attribution method 'integratd-gradients'; did you mean 'integrated-gradients'?"
      ),
      (
        "smoothgrad", ["nose": .int(1)],
        "smoothgrad has no setting 'nose'; did you mean 'noise'?"
      ),
      ("saliency", ["steps": .int(1)], "saliency has no setting 'steps'; it has none"),
      (
        "smoothgrad", ["samples": .string("many")],
        "smoothgrad: setting 'samples' expects a whole number, got 'many'"
      ),
      (
        "smoothgrad", ["samples": .int(0)],
        "smoothgrad: setting 'samples' expects at least 1, got '0'"
      ),
      (
        "smoothgrad", ["statistic": .string("median")],
        "smoothgrad: setting 'statistic' expects mean, square, variance, got 'median'"
      ),
      (
        "occlusion", ["window": .int(2), "stride": .int(3)],
        "occlusion: setting 'stride' expects at most the window 2, got '3'"
      ),
      (
        "integrated-gradients", ["quadrature": .string("simpson")],
        "integrated-gradients: setting 'quadrature' expects one of bisection, left, right, midpoint, "
          + "trapezoid, gauss-legendre, got 'simpson'"
      ),
    ]
    for (name, settings, message) in cases {
      let error = #expect(throws: ExplanationError.self) {
        try AttributionRegistry.method(named: name, settings: settings)
      }
      #expect(error?.description == message)
    }
  }

  @Test(
    "baselines are read as they are written",
    arguments: [
      "zero", "mean", "minimum", "maximum", "blur", "blur:3.5", "value:-0.5", "uniform:8",
      "nearest:5", "random:10",
    ])
  func baselines(_ text: String) throws {
    #expect(try #require(Baseline(text)).description == text)
  }

  @Test(
    "what is no baseline is refused",
    arguments: [
      "", "white", "zero:1", "value", "value:x", "blur:0", "blur:-1", "nearest:0", "random:1.5",
      "uniform:nan", "blur:1:2",
    ])
  func refusedBaselines(_ text: String) { #expect(Baseline(text) == nil) }
}

@Suite("Baselines")
struct BaselineTests {
  private let table = InputSpecification.table([
    Feature(name: "age", range: ValueRange(0...100)), Feature(name: "income"),
  ])

  private func request(background: [Float]?) -> AttributionRequest {
    AttributionRequest(
      inputs: Tensor([30, 5, 60, 2] as [Float], shape: [2, 2]), classes: [0, 0], samples: [4, 9],
      seed: 3, background: background.map { Tensor($0, shape: [$0.count / 2, 2]) })
  }

  @Test("statistics of the training samples and valid ranges are what they are")
  func statistics() throws {
    let request = request(background: [10, 1, 20, 3, 60, 2])
    #expect(try Baseline.mean.origins(for: request, input: table).floats == [30, 2, 30, 2])
    #expect(try Baseline.minimum.origins(for: request, input: table).floats == [0, 1, 0, 1])
    #expect(try Baseline.maximum.origins(for: request, input: table).floats == [100, 3, 100, 3])
    #expect(try Baseline.value(7).origins(for: request, input: table).floats == [7, 7, 7, 7])
    let nearest = try Baseline.nearest(count: 1).origins(for: request, input: table)
    // The second input is a training sample, which is no baseline of itself.
    #expect(nearest.floats == [20, 3, 20, 3])
    let uniform = try Baseline.uniform(count: 50).origins(for: request, input: table)
    #expect(uniform.shape == [100, 2])
    let drawn = try Baseline.random(count: 3).origins(for: request, input: table)
    let rows = (0..<3).map { drawn.row($0).floats }.sorted { $0[0] < $1[0] }
    #expect(rows == [[10, 1], [20, 3], [60, 2]])
  }

  @Test("what cannot be made is an error that says what is missing")
  func missing() {
    let request = request(background: nil)
    #expect(throws: ExplanationError.unknownRange(feature: "feature 'income'")) {
      try Baseline.minimum.origins(for: request, input: table)
    }
    #expect(
      throws: ExplanationError.missingBackground(purpose: "the baseline 'mean'")
    ) { try Baseline.mean.origins(for: request, input: table) }
    #expect(
      throws: ExplanationError.unsuitedLayout(
        purpose: "the baseline 'blur:2.0'", layout: .table)
    ) { try Baseline.blur(sigma: 2).origins(for: request, input: table) }
  }

  @Test("a blur keeps constants and sums, and spreads a point as its Gaussian")
  func blur() throws {
    let input = InputSpecification.image([1, 21, 21])
    var picture = [Float](repeating: 0, count: 441)
    picture[10 * 21 + 10] = 1
    let point = Tensor(picture, shape: [1, 1, 21, 21])
    let blurred = try Baseline.blur(sigma: 1.5).origins(
      for: AttributionRequest(inputs: point, classes: [0]), input: input
    ).doubles
    #expect(abs(blurred.reduce(0, +) - 1) < 1e-6)
    let ratio = blurred[10 * 21 + 12] / blurred[10 * 21 + 10]
    #expect(abs(ratio - exp(-4 / 4.5)) < 1e-6)
    let grey = AttributionRequest(
      inputs: Tensor(repeating: 0.5, shape: [1, 1, 21, 21]), classes: [0])
    let same = try Baseline.blur(sigma: 9).origins(for: grey, input: input).doubles
    #expect(same.allSatisfy { abs($0 - 0.5) < 1e-6 })
  }
}
