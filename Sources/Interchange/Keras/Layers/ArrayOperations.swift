import Programs
import Tensors

/// Functions of arrays that stand between layers: what `x + y` becomes in a functional model, and
/// how Keras 3 states which steps count.
enum ArrayOperations {
  static let all: [KerasLayerKind] = arithmetic + functions + logic + shapes

  private static let arithmetic: [KerasLayerKind] = [
    binary("Add") { $0 + $1 },
    binary("Subtract") { $0 - $1 },
    binary("Multiply") { $0 * $1 },
    binary("Divide") { $0 / $1 },
    binary("TrueDivide") { $0 / $1 },
    binary("Maximum") { $0.maximum($1) },
    binary("Minimum") { $0.minimum($1) },
    binary("Power") { $0.power($1) },
    binary("Matmul") { $0.matrixMultiplied(by: $1) },
  ]

  private static let functions: [KerasLayerKind] = [
    unary("Negative") { -$0 },
    unary("Absolute") { $0.absoluteValue() },
    unary("Square") { $0.squared() },
    unary("Sqrt") { $0.squareRoot() },
    unary("Exp") { $0.exponential() },
    unary("Log") { $0.logarithm() },
    unary("Sin") { $0.sine() },
    unary("Cos") { $0.cosine() },
    unary("Tanh") { $0.hyperbolicTangent() },
    unary("Relu") { $0.relu() },
    .stepwise("Sigmoid") { try $0.tracer.logistic($0.real()) },
    reduction("Sum") { $0.sum(over: $1, keepingDimensions: $2) },
    reduction("Mean") { $0.mean(over: $1, keepingDimensions: $2) },
    reduction("Max") { $0.maximum(over: $1, keepingDimensions: $2) },
    reduction("Min") { -(-$0).maximum(over: $1, keepingDimensions: $2) },
  ]

  private static let logic: [KerasLayerKind] = [
    binary("Equal") { $0.compare(.equal, $1) },
    binary("NotEqual") { $0.compare(.equal, $1).not() },
    binary("Less") { $0.compare(.less, $1) },
    binary("LessEqual") { $0.compare(.lessOrEqual, $1) },
    binary("Greater") { $1.compare(.less, $0) },
    binary("GreaterEqual") { $1.compare(.lessOrEqual, $0) },
    binary("LogicalAnd") { $0.and($1) },
    binary("LogicalOr") { $0.or($1) },
    .value("LogicalNot") { try $0.flags().not() },
    .value("Any") { try $0.flags(reducedBy: { $0.maximum(over: $1, keepingDimensions: $2) }) },
    .value("All") { call in
      try call.flags(reducedBy: { -(-$0).maximum(over: $1, keepingDimensions: $2) })
    },
    .value("ZerosLike") { call in
      let value = try call.input().value
      let type: ElementType = call.configuration.typeName == "bool" ? .bool : value.elementType
      return call.builder.constant(Tensor(0, elementType: type)).broadcast(to: value.shape)
    },
    .value("OnesLike") { call in
      let value = try call.input().value
      let type: ElementType = call.configuration.typeName == "bool" ? .bool : value.elementType
      return call.builder.constant(Tensor(1, elementType: type)).broadcast(to: value.shape)
    },
  ]

  private static let shapes: [KerasLayerKind] = [
    KerasLayerKind("ConvertToTensor") { try [$0.input()] },
    .value("Concatenate") { call in
      let values = call.inputs.map(\.value)
      let rank = try call.input().value.shape.rank
      return Value.concatenated(
        values, axis: try call.axis(call.configuration.integer("axis", default: -1), rank: rank))
    },
    .value("ExpandDims") { call in
      let value = try call.input().value
      return value.expanded(
        axis: try call.axis(
          call.configuration.integer("axis", default: -1), rank: value.shape.rank + 1))
    },
    .value("Squeeze") { call in
      let value = try call.input().value
      let axes = try call.operationAxes(of: value)
      try call.require(axes.allSatisfy { value.shape[$0] == 1 }, "an axis is not 1")
      return value.reshaped(to: value.shape.reduced(over: axes, keepingDimensions: false))
    },
    .value("Transpose") { call in
      let value = try call.input().value
      return value.transposed(
        try call.configuration.integers("axes") ?? (0..<value.shape.rank).reversed())
    },
    .value("GetItem", lower: part),
  ]

  private static func binary(
    _ name: String, _ combine: @escaping @Sendable (Value, Value) -> Value
  ) -> KerasLayerKind {
    .stepwise(name) { call in
      let (left, right) = try call.pair()
      return combine(left, right)
    }
  }

  private static func unary(
    _ name: String, _ function: @escaping @Sendable (Value) -> Value
  ) -> KerasLayerKind {
    .stepwise(name) { function(try $0.real()) }
  }

  private static func reduction(
    _ name: String, _ function: @escaping @Sendable (Value, [Int], Bool) -> Value
  ) -> KerasLayerKind {
    .value(name) { call in
      let value = try call.real()
      return function(
        value, try call.operationAxes(of: value),
        call.configuration.flag("keepdims", default: false))
    }
  }

  /// The part of a value that indices and ranges state, an entry an axis.
  private static func part(_ call: KerasCall) throws -> Value {
    var value = try call.input().value
    guard call.arguments.count == 2 else { throw call.error("expects a value and its part") }
    var axis = 0
    for entry in call.arguments[1].values {
      try call.require(axis < value.shape.rank, "there is no axis \(axis) in \(value.type)")
      let size = value.shape[axis]
      if let index = entry.integer {
        let place = index < 0 ? index + size : index
        try call.require(
          !Shape.isSymbolic(size) && (0..<size).contains(place), "there is no index \(index)")
        value = value.select(axis: axis, place)
        continue
      }
      guard entry["class_name"]?.text == "__slice__", let settings = entry["config"] else {
        throw call.error("takes a part that is neither an index nor a range")
      }
      let step = settings["step"]?.integer ?? 1
      let start = settings["start"]?.integer ?? 0
      let stop = settings["stop"]?.integer ?? size
      if start == 0, stop == size, step == 1 {
        axis += 1
        continue
      }
      let low = min(max(start < 0 ? start + size : start, 0), size)
      let high = min(max(stop < 0 ? stop + size : stop, low), size)
      try call.require(step >= 1 && !Shape.isSymbolic(size), "takes a part that is not supported")
      value = value.slice(axis: axis, low..<high, by: step)
      axis += 1
    }
    return value
  }
}

extension KerasInput {
  /// The plain values, lists of them flattened.
  fileprivate var values: [KerasValue] {
    switch self {
    case .value(let value): [value]
    case .list(let list): list.flatMap(\.values)
    case .tensor: []
    }
  }
}

extension KerasCall {
  /// Two arguments in one type; a number takes that of the tensor beside it.
  fileprivate func pair() throws -> (Value, Value) {
    try require(arguments.count == 2, "expects 2 arguments, got \(arguments.count)")
    switch (arguments[0], arguments[1]) {
    case (.tensor(let left), .tensor(let right)): return Value.unified(left.value, right.value)
    case (.tensor(let left), .value(let number)):
      let right = try scalar(number, beside: left.value)
      return Value.unified(left.value, right)
    case (.value(let number), .tensor(let right)):
      return Value.unified(try scalar(number, beside: right.value), right.value)
    default: throw error("expects a tensor and a number, or two tensors")
    }
  }

  private func scalar(_ value: KerasValue, beside tensor: Value) throws -> Value {
    guard let number = value.number else { throw error("an argument is no number") }
    let isWhole = number == number.rounded() && !tensor.elementType.isFloatingPoint
    let type = isWhole || tensor.elementType.isFloatingPoint ? tensor.elementType : .float32
    return builder.constant(Tensor(number, elementType: type))
  }

  /// The axes of a reduction, which keeps samples apart.
  fileprivate func operationAxes(of value: Value) throws -> [Int] {
    let axes = try (configuration.integers("axis") ?? [])
      .map { try axis($0, rank: value.shape.rank) }
    try require(
      !axes.isEmpty && !axes.contains(0) && Set(axes).count == axes.count,
      "combines samples with each other, or the axes \(axes) repeat")
    return axes
  }

  fileprivate func flags() throws -> Value {
    let value = try input().value
    return value.elementType == .bool ? value : value.compare(.equal, value.scalar(0)).not()
  }

  /// Bools combined over axes, as numbers 0 and 1.
  fileprivate func flags(reducedBy function: (Value, [Int], Bool) -> Value) throws -> Value {
    let numbers = try flags().converted(to: .float32)
    let result = function(
      numbers, try operationAxes(of: numbers), configuration.flag("keepdims", default: false))
    return result.compare(.less, result.scalar(0.5)).not()
  }
}
