import Execution
import Models
import Tensors
import Testing

@testable import Explanations

@Suite("Explanations of what only answers")
struct AccessTests {
  private let whole: ProgramClassifier
  private let queried: QueryClassifier

  init() throws {
    whole = try ClosedFormModels.random(seed: 21)
    queried = try QueryClassifier(whole.model, on: ReferenceBackend(), microBatch: 4)
  }

  @Test("methods without gradients, and their curves, are the same as on the model itself")
  func queries() throws {
    #expect(AttributionRegistry.namesWithoutGradient == ["occlusion", "random"])
    let other = try RandomizedModel.make(from: whole.model, seed: 5)
    let randomized = try QueryClassifier(other, on: ReferenceBackend(), microBatch: 4)
    let differentiable = try ProgramClassifier(other, on: ReferenceBackend(), microBatch: 4)
    let request = LawTests.request(5)
    var assessment = QualityAssessment()
    assessment.sensitivityDraws = 2
    for name in AttributionRegistry.namesWithoutGradient {
      let method = try AttributionRegistry.method(named: name)
      let found = try Explainer.explain(method, request, queried, threads: 2)
      #expect(try Explainer.explain(method, request, whole) == found)
      let quality = try assessment.assess(
        found, by: method, request, queried, randomized: randomized)
      #expect(
        try assessment.assess(found, by: method, request, whole, randomized: differentiable)
          == quality)
    }
  }

  @Test("methods that take gradients are refused before they start")
  func gradients() throws {
    for type in AttributionRegistry.all where type.needsGradient {
      let method = try AttributionRegistry.method(named: type.name)
      #expect(
        throws: ExplanationError.needsGradient(
          method: type.name, reason: "it was made to be queried only",
          alternatives: ["occlusion", "random"])
      ) { try Explainer.explain(method, LawTests.request(2), queried) }
    }
    #expect(
      "\(ExplanationError.needsGradient(method: "saliency", reason: "trees", alternatives: ["a", "b"]))"
        == "saliency needs a gradient, and the model has none (trees); methods without one are a, b"
    )
  }
}
