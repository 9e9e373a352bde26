import Assessments
import Execution
import Models
import Programs
import Tensors

/// Models whose global explanations are known on paper or recorded.
enum GlobalModels {
  /// Two classes whose log-odds are w·x + b.
  static func logistic(
    _ weights: [Float], bias: Float = 0, features: [Feature]? = nil, microBatch: Int = 16
  ) throws -> ProgramClassifier {
    let features = features ?? weights.indices.map { Feature(name: "x\($0)") }
    return try classifier(.table(features), classes: 2, microBatch: microBatch) { x in
      let zeros = [Float](repeating: 0, count: weights.count)
      return x.linear(
        weight: x.builder.constant(Tensor(zeros + weights, shape: [2, weights.count])),
        bias: x.builder.constant(Tensor([0, bias] as [Float])))
    }
  }

  /// The network of the recorded effects: W₂ tanh(W₁ x + b₁).
  static func network(_ record: RecordedGlobalExplanations.Effects) throws -> ProgramClassifier {
    let features = [
      Feature(name: "a"), Feature(name: "b"), Feature(name: "count", kind: .integer),
      Feature(name: "color", kind: .categorical, categories: ["red", "green", "blue", "grey"]),
    ]
    return try classifier(.table(features), classes: 2, microBatch: 16) { x in
      let hidden = x.linear(
        weight: x.builder.constant(Tensor(record.first.flatMap { $0 }, shape: [6, 7])),
        bias: x.builder.constant(Tensor(record.shift))
      ).hyperbolicTangent()
      return hidden.linear(
        weight: x.builder.constant(Tensor(record.second.flatMap { $0 }, shape: [2, 6])))
    }
  }

  static func classifier(
    _ input: InputSpecification, classes: Int, microBatch: Int = 16,
    _ logits: (Value) -> Value
  ) throws -> ProgramClassifier {
    let port = Program.Port(
      name: "x", type: ValueType(.float32, [Shape.batch] + input.encodedShape))
    let program = try Program.trace([port]) { [("logits", logits($0[0]))] }
    let model = Model(
      name: "global", program: program, parameters: [:], input: input,
      classNames: (0..<classes).map { "class \($0)" })
    return try ProgramClassifier(model, on: ReferenceBackend(), microBatch: microBatch)
  }

  /// Rows of raw values with their labels; the data set's indices begin at 5.
  static func samples(_ rows: [[Float]], labels: [Int]? = nil) -> LabelledSamples {
    LabelledSamples(
      inputs: Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]),
      labels: labels ?? rows.map { _ in 0 }, samples: rows.indices.map { $0 + 5 })
  }

  /// Independent numbers of the standard normal distribution.
  static func rows(_ count: Int, of width: Int, seed: UInt64 = 1) -> [[Float]] {
    var random = RandomStream(seed: seed, purpose: "global rows")
    return (0..<count).map { _ in (0..<width).map { _ in Float(random.normal()) } }
  }
}
