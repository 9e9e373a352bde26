import Programs
import Tensors

/// A function that follows a layer: named, or a layer of its own kind within the settings.
struct KerasActivation {
  private enum Function {
    case elementwise(@Sendable (KerasCall, Value) -> Value)
    case along(@Sendable (KerasCall, Value, Int) throws -> Value)
    case layer(KerasLayer)
  }

  private let function: Function
  private let call: KerasCall

  init(_ value: KerasValue, in call: KerasCall) throws {
    self.call = call
    let name = value.text ?? value["config"]?.text
    if let name {
      guard let known = Self.table[name] else {
        throw KerasLayerError("the activation '\(name)' is not supported")
      }
      function = known
    } else if value["class_name"] != nil {
      function = .layer(try KerasLayer(value))
    } else {
      throw KerasLayerError("its activation is no function that Assay knows")
    }
  }

  /// The function of a value, along its last axis if it is one of a vector.
  func apply(_ value: Value) throws -> Value {
    switch function {
    case .elementwise(let function): return value.elementwise { function(call, $0) }
    case .along(let function): return try function(call, value, value.shape.rank - 1)
    case .layer(let layer):
      let results = try call.call(layer, .absent, [KerasTensor(value)])
      guard let first = results.first else { throw KerasLayerError("its activation does nothing") }
      return first.value
    }
  }

  // MARK: The functions by name

  private static let table: [String: Function] = {
    var table: [String: Function] = [
      "softmax": .along { $0.tracer.softmax($1, axis: $2) },
      "log_softmax": .along { $0.tracer.logSoftmax($1, axis: $2) },
      "glu": .along { try gated($1, axis: $2) },
      "sparsemax": .along { sparsemax($1, axis: $2) },
      "sigmoid": .elementwise { $0.tracer.logistic($1) },
      "hard_sigmoid": .elementwise { $1.hardSigmoid(version: $0.lowering.version) },
    ]
    for (name, function) in functions { table[name] = .elementwise { function($1) } }
    return table
  }()

  private static let functions: [String: @Sendable (Value) -> Value] = [
    "linear": { $0 },
    "relu": { $0.relu() },
    "relu6": { $0.relu().minimum($0.scalar(6)) },
    "leaky_relu": { $0.leakyRelu(slope: 0.2) },
    "elu": { $0.elu() },
    "celu": { $0.elu() },
    "selu": { $0.selu() },
    "softplus": { $0.softplus() },
    "softsign": { $0.softsign() },
    "tanh": { $0.hyperbolicTangent() },
    "tanh_shrink": { $0 - $0.hyperbolicTangent() },
    "exponential": { $0.exponential() },
    "silu": { $0.swish() },
    "swish": { $0.swish() },
    "gelu": { $0.gelu() },
    "mish": { $0.mish() },
    "hard_silu": { $0.hardSwish() },
    "hard_swish": { $0.hardSwish() },
    "hard_tanh": { $0.clamped(from: $0.scalar(-1), to: $0.scalar(1)) },
    "hard_shrink": { x in
      x.absoluteValue().compare(.lessOrEqual, x.scalar(0.5)).select(x.scalar(0), x)
    },
    "soft_shrink": { ($0 - 0.5).relu() - (-$0 - 0.5).relu() },
    "log_sigmoid": { -(-$0).softplus() },
    "squareplus": { ($0 + ($0.squared() + 4).squareRoot()) * 0.5 },
    "sparse_plus": { x in
      let curve = (x + 1).relu().squared() * 0.25
      return x.compare(.less, x.scalar(1)).select(curve, x)
    },
    "sparse_sigmoid": { $0.hardSigmoid(slope: 0.5) },
  ]

  /// The first half of an axis times the logistic function of the second.
  private static func gated(_ value: Value, axis: Int) throws -> Value {
    let size = value.shape[axis]
    guard size % 2 == 0, !Shape.isSymbolic(size) else {
      throw KerasLayerError("'glu' needs an even number of features, got \(value.type)")
    }
    return value.slice(axis: axis, 0..<size / 2)
      * value.slice(axis: axis, size / 2..<size).logistic()
  }

  /// The point of the simplex nearest to x: max(x − τ, 0), τ = (Σ of the k largest − 1) / k.
  ///
  /// - Source: Martins and Astudillo 2016, arXiv:1602.02068, algorithm 1.
  private static func sparsemax(_ value: Value, axis: Int) -> Value {
    let sorted = value.sorted(axis: axis, descending: true)
    let sums = sorted.cumulativeSum(axis: axis)
    let ranks =
      value.builder.append(.iota(value.elementType, sorted.shape, axis: axis), []) + 1
    let isInside = (sums - 1).compare(.less, sorted * ranks)
    let count = isInside.converted(to: value.elementType)
      .sum(over: [axis], keepingDimensions: true)
    let total = isInside.select(sorted, sorted.scalar(0)).sum(over: [axis], keepingDimensions: true)
    return (value - (total - 1) / count).relu()
  }
}

extension Value {
  /// A line clamped to [0, 1]: x / 6 + 1/2 since Keras 3, 0.2 x + 1/2 before.
  func hardSigmoid(version: Int) -> Value {
    version >= 3 ? hardSigmoid() : hardSigmoid(slope: 0.2)
  }
}
