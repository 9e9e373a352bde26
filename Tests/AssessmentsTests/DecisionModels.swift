import Assessments
import Execution
import Models
import Programs
import Tensors

/// Small credit models and applicants; class 0 is the favourable one.
enum DecisionModels {
  static let features = [
    Feature(name: "income", unit: "EUR", range: ValueRange(0...10), direction: .increase),
    Feature(name: "duration", kind: .integer, unit: "months", range: ValueRange(4...40)),
    Feature(name: "housing", kind: .categorical, categories: ["rent", "own", "free"]),
    Feature(name: "telephone", kind: .binary, categories: ["no", "yes"]),
    Feature(name: "age", kind: .integer, range: ValueRange(18...80), isMutable: false),
    Feature(name: "debt", range: ValueRange(0...5), direction: .decrease),
    Feature(name: "shoe size", kind: .integer, range: ValueRange(30...50)),
  ]

  static let input = InputSpecification.table(features)

  /// A weight an encoded column; the shoe size has none.
  static let weights: [Float] = [0.5, -0.125, -0.5, 0.75, 0.25, 0.25, 0.03125, -0.75, 0]

  /// Logits (w·x + 0.5, 0): the log-odds are the first.
  static func linear(weights: [Float] = weights) throws -> ProgramClassifier {
    try classifier(classes: 2) { x in
      let matrix = Tensor(weights + weights.map { _ in 0 }, shape: [2, weights.count])
      return x.linear(
        weight: x.builder.constant(matrix), bias: x.builder.constant(Tensor([0.5, 0] as [Float])))
    }
  }

  /// Logits (Σ wᵢ tanh(xᵢ / 8), 0): additive, not linear.
  static func additive() throws -> ProgramClassifier {
    try classifier(classes: 2) { x in
      let matrix = Tensor(weights.map { 4 * $0 } + weights.map { _ in 0 }, shape: [2, 9])
      return (x * 0.125).hyperbolicTangent().linear(weight: x.builder.constant(matrix))
    }
  }

  /// A random network of one hidden layer of rectifiers.
  static func random(seed: UInt64, classes: Int = 2) throws -> ProgramClassifier {
    var random = RandomStream(seed: seed, purpose: "decision model")
    let scales: [Float] = [0.3, 0.1, 1, 1, 1, 1, 0.05, 0.5, 0]
    let drawn = random.normal([12, 9]).floats
    let first = drawn.enumerated().map { $1 * scales[$0 % 9] }
    let second = random.normal([classes, 12])
    return try classifier(classes: classes) { x in
      let hidden = x.linear(
        weight: x.builder.constant(Tensor(first, shape: [12, 9])),
        bias: x.builder.constant(Tensor(repeating: -1, shape: [12]))
      ).relu()
      return hidden.linear(weight: x.builder.constant(second))
    }
  }

  static func classifier(
    _ input: InputSpecification = input, classes: Int, _ logits: (Value) -> Value
  ) throws -> ProgramClassifier {
    try ProgramClassifier(
      model(input, classes: classes, logits), on: ReferenceBackend(), microBatch: 64)
  }

  static func model(
    _ input: InputSpecification = input, classes: Int, _ logits: (Value) -> Value
  ) throws -> Model {
    let port = Program.Port(
      name: "x", type: ValueType(.float32, [Shape.batch] + input.encodedShape))
    return Model(
      name: "credit", program: try Program.trace([port]) { [("logits", logits($0[0]))] },
      parameters: [:], input: input, classNames: (0..<classes).map { "class \($0)" })
  }

  /// Applicants with values drawn evenly over the features' ranges.
  static func applicants(
    _ count: Int, seed: UInt64, input: InputSpecification = input
  ) -> LabelledSamples {
    var rows: [Float] = []
    for sample in 0..<count {
      var random = RandomStream(seed: seed, purpose: "applicants", sample: sample)
      for feature in input.features {
        let range = feature.validRange ?? ValueRange(0...1)
        let (low, high) = (range.lower ?? 0, range.upper ?? 1)
        let value = low + (high - low) * random.uniform()
        rows.append(Float(feature.isDiscrete ? value.rounded() : (value * 64).rounded() / 64))
      }
    }
    return LabelledSamples(
      inputs: Tensor(rows, shape: [count, input.features.count]),
      labels: [Int](repeating: 0, count: count), samples: (0..<count).map { $0 + 100 })
  }

  static func subject(
    _ count: Int = 120, seed: UInt64 = 1, rule: DecisionRule = DecisionRule(favourableClass: 0)
  ) -> DecisionSubject {
    DecisionSubject(audited: applicants(count, seed: seed), rule: rule, seed: 5)
  }
}
