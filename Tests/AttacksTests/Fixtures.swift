import Execution
import Models
import Programs
import Tensors

@testable import Attacks

/// Models whose robustness is known on paper.
enum Fixture {
  /// Two classes with logits (0, w · x + b).
  static func linear(
    _ weights: [Float], bias: Float, input: InputSpecification, microBatch: Int = 4
  ) throws -> ProgramClassifier {
    let zeros = [Float](repeating: 0, count: weights.count)
    return try classifier(input, microBatch: microBatch) { inputs in
      inputs.flattened().linear(
        weight: inputs.builder.constant(Tensor(zeros + weights, shape: [2, weights.count])),
        bias: inputs.builder.constant(Tensor([0, bias])))
    }
  }

  /// A network of one hidden layer with random weights and three classes.
  static func network(
    _ input: InputSpecification, microBatch: Int = 4, seed: UInt64 = 5
  ) throws -> ProgramClassifier {
    var random = RandomStream(seed: seed, purpose: "weights")
    let width = input.encodedShape.count
    let first = random.normal([12, width])
    let second = random.normal([3, 12])
    return try classifier(input, classes: 3, microBatch: microBatch) { inputs in
      let hidden = inputs.flattened().linear(weight: inputs.builder.constant(first))
      return hidden.hyperbolicTangent().linear(weight: inputs.builder.constant(second))
    }
  }

  static func classifier(
    _ input: InputSpecification, classes: Int = 2, microBatch: Int = 4,
    logits: (Value) -> Value
  ) throws -> ProgramClassifier {
    let port = Program.Port(
      name: "inputs", type: ValueType(.float32, [Shape.batch] + input.encodedShape))
    let program = try Program.trace([port]) { [("logits", logits($0[0]))] }
    let model = Model(
      name: "fixture", program: program, parameters: [:], input: input,
      classNames: (0..<classes).map { "class \($0)" })
    return try ProgramClassifier(model, on: ReferenceBackend(), microBatch: microBatch)
  }

  /// Numbers without limits.
  static func free(_ count: Int) -> InputSpecification {
    InputSpecification(layout: .array, shape: [count])
  }

  /// Numbers in [0, 1].
  static func unitBox(_ count: Int) -> InputSpecification {
    InputSpecification(layout: .array, shape: [count], range: ValueRange(0...1))
  }

  /// A table with every kind of feature and rule.
  static let table = InputSpecification.table([
    Feature(name: "amount", range: ValueRange(0...10)),
    Feature(name: "age", kind: .integer, range: ValueRange(18...90), isMutable: false),
    Feature(name: "duration", kind: .integer, range: ValueRange(1...60)),
    Feature(name: "income", range: ValueRange(0...5), direction: .increase),
    Feature(name: "owner", kind: .binary),
    Feature(name: "purpose", kind: .categorical, categories: ["car", "home", "study", "other"]),
    Feature(
      name: "sex", kind: .categorical, isMutable: false, categories: ["female", "male"]),
    Feature(name: "debts", range: ValueRange(0...4), direction: .decrease),
  ])

  /// Encoded rows of the table, drawn at random.
  static func tableRows(_ count: Int, seed: UInt64 = 3) -> Tensor {
    var random = RandomStream(seed: seed, purpose: "rows")
    var values: [Float] = []
    for _ in 0..<count {
      for feature in table.features {
        let range = feature.validRange ?? ValueRange(0...1)
        let (low, high) = (range.lower ?? 0, range.upper ?? 1)
        let value = low + (high - low) * random.uniform()
        values.append(Float(feature.isDiscrete ? value.rounded() : value))
      }
    }
    return table.encoded(Tensor(values, shape: [count, table.features.count]))
  }

  /// The samples with the classes that a model gives them, so that none is misclassified.
  static func samples(
    _ inputs: Tensor, classifiedBy model: any Classifier
  ) throws -> AttackSamples {
    AttackSamples(
      inputs: inputs, classes: try model.predictions(inputs),
      ids: (0..<inputs.shape[0]).map { 100 + $0 })
  }

  static let gradientAttacks = ["fgsm", "pgd", "bim", "mi-fgsm", "apgd"]
  static let everyAttack = AttackRegistry.all.map { $0.name }

  /// An attack with settings that keep tests short.
  static func quick(_ name: String) throws -> any Attack {
    let settings: [String: [String: SettingValue]] = [
      "square": ["queries": .int(60)],
      "simba": ["queries": .int(60)],
      "apgd": ["steps": .int(12), "restarts": .int(2)],
      "pgd": ["steps": .int(12), "relative-step": .double(0.25), "restarts": .int(2)],
    ]
    return try AttackRegistry.attack(named: name, settings: settings[name] ?? [:])
  }
}
