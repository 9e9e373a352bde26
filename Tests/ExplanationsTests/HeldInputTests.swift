import Execution
import Models
import Programs
import Tensors
import Testing

@testable import Explanations

/// Explanations of models with inputs that are held.
@Suite("Explanations with held inputs")
struct HeldInputTests {
  private static let free = InputSpecification(layout: .array, shape: [6])
  private static let heldValues: [Float] = [0.5, -2]

  /// tanh(x W + h V) U, with h behind x in the sample or a constant.
  private func model(isHeld: Bool) throws -> ProgramClassifier {
    var random = RandomStream(seed: 4, purpose: "weights")
    let (first, second) = (random.normal([12, 6]), random.normal([3, 12]))
    let effect = random.normal([12, 2])
    let input = isHeld ? Self.free.holding([HeldInput(name: "h", shape: [2])]) : Self.free
    let port = Program.Port(
      name: "inputs", type: ValueType(.float32, [Shape.batch] + input.encodedShape))
    let program = try Program.trace([port]) { values in
      let builder = values[0].builder
      let held =
        isHeld
        ? values[0].slice(axis: 1, 6..<8).stoppingGradient()
        : builder.constant(Tensor(Self.heldValues, shape: [1, 2])).broadcast(
          to: [Shape.batch, 2])
      let hidden =
        values[0].slice(axis: 1, 0..<6).linear(weight: builder.constant(first))
        + held.linear(weight: builder.constant(effect))
      return [("logits", hidden.hyperbolicTangent().linear(weight: builder.constant(second)))]
    }
    let model = Model(
      name: "held", program: program, parameters: [:], input: input, classNames: ["a", "b", "c"])
    return try ProgramClassifier(model, on: ReferenceBackend(), microBatch: 4)
  }

  /// The request with held values behind the inputs, and others behind the background.
  private func holding(_ request: AttributionRequest) -> AttributionRequest {
    let input = Self.free.holding([HeldInput(name: "h", shape: [2])])
    var result = request
    let count = request.count
    let values = Tensor((0..<count).flatMap { _ in Self.heldValues }, shape: [count, 2])
    result.inputs = input.packed(request.inputs, holding: [values])
    result.background = request.background.map {
      input.packed($0, holding: [Tensor(repeating: 9, shape: [$0.shape[0], 2])])
    }
    return result
  }

  @Test(
    "are those of the model in which the held values are constants",
    arguments: AttributionRegistry.names)
  func everyMethod(name: String) throws {
    let method = try AttributionRegistry.method(named: name)
    let request = LawTests.request(5)
    let expected = try Explainer.explain(method, request, model(isHeld: false))
    let found = try Explainer.explain(method, holding(request), model(isHeld: true))
    for row in 0..<5 {
      #expect(agree(Array(found.values(row).prefix(6)), expected.values(row), tolerance: 1e-6))
      #expect(found.values(row).suffix(2).allSatisfy { $0 == 0 })
    }
  }

  @Test(
    "measure from baselines that hold the same values",
    arguments: ["zero", "mean", "value:0.3", "minimum", "nearest:2", "random:3", "uniform:2"])
  func baselines(name: String) throws {
    var method = IntegratedGradients()
    method.baseline = try #require(Baseline(name))
    let request = LawTests.request(4)
    let expected = try Explainer.explain(method, request, model(isHeld: false))
    let found = try Explainer.explain(method, holding(request), model(isHeld: true))
    for row in 0..<4 {
      #expect(agree(Array(found.values(row).prefix(6)), expected.values(row), tolerance: 1e-5))
      #expect(found.completeness?[row].isConverged == true)
    }
  }
}
