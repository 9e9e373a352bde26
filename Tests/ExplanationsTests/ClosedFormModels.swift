import Execution
import Explanations
import Models
import Programs
import Tensors

/// Classifiers whose explanations are known on paper, on the reference backend.
enum ClosedFormModels {
  /// Output k = Σ ReLU(W₁ x + b₁) + (−1, 1), W₁ = 1 (4 × 3), b₁ = (−10, 1, 1, 1).
  static func multilayer() throws -> ProgramClassifier {
    try table(3, classes: 2, hidden(shift: nil, scale: 1))
  }

  /// 8 times the multilayer model at x + (shift).
  static func scaledMultilayer(shift: [Float]) throws -> ProgramClassifier {
    try table(3, classes: 2, hidden(shift: shift, scale: 8))
  }

  private static func hidden(
    shift: [Float]?, scale: Double
  ) -> (Value) -> Value {
    { x in
      let builder = x.builder
      let moved = shift.map { x + builder.constant(Tensor($0)) } ?? x
      let hidden = moved.linear(
        weight: builder.constant(Tensor(repeating: 1, shape: [4, 3])),
        bias: builder.constant(Tensor([-10, 1, 1, 1] as [Float]))
      ).relu()
      return hidden.linear(
        weight: builder.constant(Tensor(repeating: 1, shape: [2, 4])),
        bias: builder.constant(Tensor([-1, 1] as [Float]))) * scale
    }
  }

  /// 3 · Σ ReLU(2 · Σ x): no bias anywhere.
  static func biasFree() throws -> ProgramClassifier {
    try table(3, classes: 1) { x in
      let hidden = x.linear(
        weight: x.builder.constant(Tensor(repeating: 2, shape: [3, 3]))
      ).relu()
      return hidden.linear(weight: x.builder.constant(Tensor(repeating: 3, shape: [1, 3])))
    }
  }

  /// Two 3 × 3 filters of ones with biases −50, −75 on a 4 × 4 image, ReLU, a row of ±1, ReLU.
  static func convolution() throws -> ProgramClassifier {
    try classifier(.image([1, 4, 4], range: nil), classes: 1) { x in
      let builder = x.builder
      let maps = x.convolved(
        with: builder.constant(Tensor(repeating: 1, shape: [2, 1, 3, 3])),
        ConvolutionGeometry(rank: 2), bias: builder.constant(Tensor([-50, -75] as [Float]))
      ).relu()
      let row = Tensor([1, 1, 1, 1, 1, -1, -1, -1] as [Float], shape: [1, 8])
      return maps.flattened().linear(weight: builder.constant(row)).relu()
    }
  }

  /// ReLU(ReLU(x₁) − 1 − ReLU(x₂)).
  static func nestedRectifiers() throws -> ProgramClassifier {
    try table(2, classes: 1) { x in
      let (a, b) = (x.slice(axis: 1, 0..<1).relu(), x.slice(axis: 1, 1..<2).relu())
      return (a - 1 - b).relu()
    }
  }

  /// W x + b over a table of continuous features.
  static func linear(_ weights: [[Float]], bias: [Float]) throws -> ProgramClassifier {
    try table(weights[0].count, classes: weights.count) { x in
      let matrix = Tensor(weights.flatMap { $0 }, shape: [weights.count, weights[0].count])
      return x.linear(
        weight: x.builder.constant(matrix), bias: x.builder.constant(Tensor(bias)))
    }
  }

  /// A network of two hidden layers with random parameters.
  static func random(
    seed: UInt64, inputs: Int = 6, hasBias: Bool = true, isSmooth: Bool = false
  ) throws -> ProgramClassifier {
    let sizes = [inputs, 16, 16, 3]
    var parameters: [String: Tensor] = [:]
    for layer in 0..<3 {
      var random = RandomStream(seed: seed, purpose: "test network", step: layer)
      let scale = 1 / Double(sizes[layer]).squareRoot()
      parameters["weight\(layer)"] =
        random.normal([sizes[layer + 1], sizes[layer]]) * (scale * 1.5)
      if hasBias { parameters["bias\(layer)"] = random.normal([sizes[layer + 1]]) * 0.5 }
    }
    let names = parameters.keys.sorted()
    let ports = names.map {
      Program.Port(name: $0, type: ValueType(.float32, parameters[$0]?.shape ?? []))
    }
    let program = try Program.trace(
      [Program.Port(name: "x", type: ValueType(.float32, [Shape.batch, inputs]))] + ports
    ) { values in
      let named = Dictionary(uniqueKeysWithValues: zip(names, values.dropFirst()))
      var hidden = values[0]
      for layer in 0..<3 {
        guard let weight = named["weight\(layer)"] else { continue }
        hidden = hidden.linear(weight: weight, bias: named["bias\(layer)"])
        if layer < 2 { hidden = isSmooth ? hidden.hyperbolicTangent() : hidden.relu() }
      }
      return [("logits", hidden)]
    }
    let model = Model(
      name: "random", program: program, parameters: parameters, input: numbers(inputs),
      classNames: ["a", "b", "c"])
    return try ProgramClassifier(model, on: ReferenceBackend(), microBatch: 4)
  }

  static func table(
    _ features: Int, classes: Int, _ logits: (Value) -> Value
  ) throws -> ProgramClassifier {
    try classifier(numbers(features), classes: classes, logits)
  }

  static func classifier(
    _ input: InputSpecification, classes: Int, _ logits: (Value) -> Value
  ) throws -> ProgramClassifier {
    let port = Program.Port(
      name: "x", type: ValueType(.float32, [Shape.batch] + input.encodedShape))
    let program = try Program.trace([port]) { [("logits", logits($0[0]))] }
    let model = Model(
      name: "closed form", program: program, parameters: [:], input: input,
      classNames: (0..<classes).map { "class \($0)" })
    return try ProgramClassifier(model, on: ReferenceBackend(), microBatch: 4)
  }

  private static func numbers(_ count: Int) -> InputSpecification {
    .table((0..<count).map { Feature(name: "x\($0)") })
  }
}

/// One explanation of one input for class 0.
func explain(
  _ method: some AttributionMethod, _ input: [Float], _ model: ProgramClassifier
) throws -> Attribution {
  let inputs = Tensor(input, shape: [1] + model.input.encodedShape)
  return try Explainer.explain(method, AttributionRequest(inputs: inputs, classes: [0]), model)
}

/// Whether numbers agree to 10⁻⁶ relative to the largest of them.
func agree(_ found: [Double], _ expected: [Double], tolerance: Double = 1e-6) -> Bool {
  let scale = max(expected.map { abs($0) }.max() ?? 1, 1e-300)
  return found.count == expected.count
    && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * scale }
}
