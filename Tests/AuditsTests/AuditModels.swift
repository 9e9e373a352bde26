import Audits
import Execution
import Models
import NativeBackend
import Programs
import Tensors

/// Small models with random parameters, as audits take them.
enum AuditModels {
  /// A credit decision: every kind of feature, every kind of rule; three classes, linear.
  static func credit(on backend: any Backend = ReferenceBackend()) throws -> ProgramClassifier {
    let input = InputSpecification.table([
      Feature(name: "age", kind: .integer, range: ValueRange(18...75), isMutable: false),
      Feature(name: "amount", range: ValueRange(0...10)),
      Feature(name: "savings", range: ValueRange(0...5), direction: .increase),
      Feature(name: "employed", kind: .binary),
      Feature(name: "children", kind: .integer, range: ValueRange(0...6)),
      Feature(name: "housing", kind: .categorical, categories: ["own", "rent", "free"]),
    ])
    let scale: [Float] = [0.02, 0.3, 0.4, 0.8, 0.3, 1, 1, 1]
    var random = RandomStream(seed: 11, purpose: "credit model")
    let weight = random.normal([3, 8]) * Tensor(scale, shape: [1, 8])
    return try classifier(
      input, classes: 3, parameters: ["weight": weight, "bias": random.normal([3]) * 0.2],
      on: backend
    ) { x, parameters in
      parameters["weight"].map { x.linear(weight: $0, bias: parameters["bias"]) } ?? x
    }
  }

  /// An image of 8 × 8: one convolution, ReLU, one product.
  static func image() throws -> ProgramClassifier {
    var random = RandomStream(seed: 5, purpose: "image model")
    let parameters = [
      "kernel": random.normal([4, 1, 3, 3]) * 0.5, "shift": random.normal([4]) * 0.1,
      "weight": random.normal([3, 4 * 36]) * 0.15, "bias": random.normal([3]) * 0.1,
    ]
    return try classifier(
      .image([1, 8, 8]), classes: 3, parameters: parameters, on: NativeBackend()
    ) { x, parameters in
      guard let kernel = parameters["kernel"], let weight = parameters["weight"] else { return x }
      let maps = x.convolved(
        with: kernel, ConvolutionGeometry(rank: 2), bias: parameters["shift"]
      ).relu()
      return maps.flattened().linear(weight: weight, bias: parameters["bias"])
    }
  }

  /// A model of numbers in [0, 1] around a function of logits.
  static func numbers(
    _ count: Int, classes: Int = 3, isBounded: Bool = true, seed: UInt64 = 3,
    on backend: any Backend = ReferenceBackend(), _ logits: @escaping (Value, Value) -> Value
  ) throws -> ProgramClassifier {
    var random = RandomStream(seed: seed, purpose: "number model")
    let range = isBounded ? ValueRange(0...1) : nil
    return try classifier(
      .table((0..<count).map { Feature(name: "x\($0)", range: range) }), classes: classes,
      parameters: ["weight": random.normal([classes, count])], on: backend
    ) { x, parameters in parameters["weight"].map { logits(x, $0) } ?? x }
  }

  static func classifier(
    _ input: InputSpecification, classes: Int, parameters: [String: Tensor],
    on backend: any Backend, _ logits: (Value, [String: Value]) -> Value
  ) throws -> ProgramClassifier {
    let names = parameters.keys.sorted()
    let ports = names.map {
      Program.Port(name: $0, type: ValueType(.float32, parameters[$0]?.shape ?? []))
    }
    let port = Program.Port(
      name: "x", type: ValueType(.float32, [Shape.batch] + input.encodedShape))
    let program = try Program.trace([port] + ports) { values in
      let named = Dictionary(uniqueKeysWithValues: zip(names, values.dropFirst()))
      return [("logits", logits(values[0], named))]
    }
    let model = Model(
      name: "small", program: program, parameters: parameters, input: input,
      classNames: (0..<classes).map { "\($0)" })
    return try ProgramClassifier(model, on: backend, microBatch: 4)
  }

  /// Random valid samples, labelled as the model does; every seventh label is wrong.
  static func subject(
    for classifier: any ModelClassifier, count: Int, seed: UInt64 = 1, isAlwaysRight: Bool = false
  ) throws -> AuditSubject {
    let input = classifier.input
    var random = RandomStream(seed: seed, purpose: "samples")
    let values = (0..<count * input.shape.count).map { index -> Float in
      let feature = input.features.isEmpty ? nil : input.features[index % input.features.count]
      let range = feature?.validRange ?? input.range ?? ValueRange(-1...1)
      let (low, high) = (range.lower ?? -1, range.upper ?? 1)
      guard feature?.isDiscrete == true else {
        return Float(low + (high - low) * random.uniform())
      }
      return Float(Int.random(in: Int(low)...Int(high), using: &random))
    }
    let inputs = Tensor(values, shape: [count] + input.shape)
    let answers = try classifier.predictions(input.encoded(inputs)).scalars(of: Int64.self)
    let labels = answers.enumerated().map { index, answer in
      index % 7 == 6 && !isAlwaysRight ? (Int(answer) + 1) % classifier.classCount : Int(answer)
    }
    return AuditSubject(
      inputs: inputs, labels: labels, samples: (0..<count).map { 3 * $0 + 2 },
      names: (0..<count).map { "row \($0)" },
      groups: (0..<count).map { [NamedValue("sex", $0 % 3 == 0 ? "female" : "male")] },
      background: input.encoded(inputs.rows(0..<min(count, 6))))
  }
}
