import Execution
import Models
import Programs
import Tensors
import Testing

@testable import Explanations

/// A model that does not say where it could be cut.
private struct Uncut: DifferentiableClassifier {
  let model: ProgramClassifier
  var input: InputSpecification { model.input }
  var classNames: [String] { model.classNames }
  var microBatch: Int { model.microBatch }

  func logits(_ inputs: Tensor) throws -> Tensor { try model.logits(inputs) }

  func function<Key: Hashable & Sendable>(
    _ key: Key, inputs: [Program.Port], passes: PassCount,
    trace: ([Value], (Value) -> Value) throws -> [(name: String, value: Value)]
  ) throws -> ModelFunction {
    try model.function(key, inputs: inputs, passes: passes, trace: trace)
  }
}

@Suite("Gradients behind an affine stem") struct GradientSpaceTests {
  private static func model(_ kind: String) throws -> ProgramClassifier {
    switch kind {
    case "perceptron": try ClosedFormModels.random(seed: 5, inputs: 40)
    case "smooth perceptron": try ClosedFormModels.random(seed: 5, inputs: 40, isSmooth: true)
    default:
      try ClosedFormModels.linear(
        (0..<3).map { row in (0..<40).map { Float(($0 * 7 + row * 11) % 13) - 6 } },
        bias: [1, 2, 3])
    }
  }

  @Test(
    "agree with gradients in the inputs",
    arguments: ["perceptron", "smooth perceptron", "linear"],
    ["bisection", "midpoint", "baselines", "smoothgrad", "clipped"])
  func agree(kind: String, method: String) throws {
    let model = try Self.model(kind)
    #expect(try model.affineStem != nil)
    let request = LawTests.request(5, width: 40)
    let fast: AttributionBatch
    let plain: AttributionBatch
    switch method {
    case "smoothgrad", "clipped":
      var smooth = SmoothGrad()
      smooth.samples = 7
      smooth.clips = method == "clipped"
      fast = try smooth.attributions(request, on: model)
      plain = try smooth.attributions(request, on: Uncut(model: model))
    default:
      var integrated = IntegratedGradients()
      if method == "midpoint" {
        integrated.quadrature = .nodes(.midpoint)
        integrated.steps = 24
      }
      if method == "baselines" { integrated.baseline = try #require(Baseline("random:3")) }
      fast = try integrated.attributions(request, on: model)
      plain = try integrated.attributions(request, on: Uncut(model: model))
    }
    let (found, expected) = (fast.attributions.doubles, plain.attributions.doubles)
    let scale = expected.map(abs).max() ?? 0
    #expect(scale > 0)
    // Where bisection goes on depends on the last bits of errors; both ends are converged.
    let tolerance = ["bisection", "baselines"].contains(method) ? 1e-2 : 1e-5
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < tolerance * scale })
    for (one, other) in zip(fast.completeness ?? [], plain.completeness ?? []) {
      #expect(one.isConverged == other.isConverged)
      #expect(abs(one.error - other.error) < tolerance * max(1, scale))
    }
  }
}
