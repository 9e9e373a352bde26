import Programs
import Tensors

/// The preparation of features, of the domain "ai.onnx.ml": rows are samples, columns are features.
///
/// - Source: https://onnx.ai/onnx/operators/index.html#ai-onnx-ml.
enum MachineLearningFeatureOperators {
  static let all: [ONNXOperator] = [
    .machineLearning("Scaler", scaler),
    .machineLearning("Normalizer", normalizer),
    ONNXOperator("Imputer", domain: "ai.onnx.ml") { call in
      [Operand(try imputer(call), like: call)]
    },
    ONNXOperator("Binarizer", domain: "ai.onnx.ml") { call in
      [Operand(try binarizer(call), like: call)]
    },
    .machineLearning("FeatureVectorizer", featureVectorizer),
    ONNXOperator("ArrayFeatureExtractor", domain: "ai.onnx.ml") { call in
      [Operand(try arrayFeatureExtractor(call), like: call)]
    },
  ]

  /// (x − offset) scale, either for all features or for each.
  private static func scaler(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0).converted(to: .float32)
    let offset = try call.perFeature("offset", of: value)
    let scale = try call.perFeature("scale", of: value)
    let centred = offset.map { value - $0 } ?? value
    return scale.map { centred * $0 } ?? centred
  }

  /// Each row divided by its largest element, its L1 or its L2 norm; a row whose divisor is 0 stays.
  private static func normalizer(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0).converted(to: .float32)
    try call.require(value.shape.rank > 0, "expects features, got a single number")
    let axes = [value.shape.rank - 1]
    let norm = try call.string("norm", default: "MAX")
    var divisor: Value
    switch norm {
    case "MAX": divisor = value.maximum(over: axes, keepingDimensions: true)
    case "L1": divisor = value.absoluteValue().sum(over: axes, keepingDimensions: true)
    case "L2": divisor = value.squared().sum(over: axes, keepingDimensions: true)
    default: throw call.error("the attribute 'norm' is '\(norm)', not MAX, L1 or L2")
    }
    // Replaced before the root, whose derivative at 0 is infinite.
    let isZero = divisor.compare(.equal, divisor.scalar(0))
    divisor = isZero.select(divisor.scalar(1), divisor)
    let result = value / (norm == "L2" ? divisor.squareRoot() : divisor)
    // Probabilities sum to 1 already, so that L1 changes nothing but their last digits.
    if norm == "L1" { call.tracer.keepOrigin(of: value, normalised: result) }
    return result
  }

  /// The elements that equal one number, or are NaN if it is, replaced.
  private static func imputer(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0)
    if value.elementType.isFloatingPoint {
      guard let imputed = try call.perFeature("imputed_value_floats", of: value) else {
        throw call.error("has no attribute 'imputed_value_floats'")
      }
      let replaced = try call.float("replaced_value_float", default: 0)
      let isReplaced =
        replaced.isNaN
        ? value.compare(.equal, value).not() : value.compare(.equal, value.scalar(replaced))
      return isReplaced.select(imputed, value)
    }
    guard let imputed = try call.exactInts("imputed_value_int64s") else {
      throw call.error("has no attribute 'imputed_value_int64s'")
    }
    try call.requireCount(imputed.count, "imputed_value_int64s", of: value)
    let replaced = try call.exactInt("replaced_value_int64") ?? 0
    let replacements = call.constant(Tensor(imputed.map(Int64.init))).converted(
      to: value.elementType)
    let sought = call.constant(Tensor([Int64(replaced)], shape: []))
    return value.compare(.equal, sought.converted(to: value.elementType))
      .select(replacements, value)
  }

  /// 1 above the threshold, else 0.
  private static func binarizer(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0)
    let threshold = try call.float("threshold", default: 0)
    if value.elementType.isFloatingPoint {
      call.tracer.markGradientless("Binarizer")
      return value.isGreater(than: value.scalar(threshold))
    }
    let real = value.converted(to: .float64)
    return real.isGreater(than: real.scalar(threshold)).converted(to: value.elementType)
  }

  /// All inputs side by side.
  private static func featureVectorizer(_ call: ONNXCall) throws -> Value {
    let parts = try call.inputs.indices.map { try call.samples($0) }
    try call.require(!parts.isEmpty, "has no inputs")
    let widths = parts.map { $0.shape[1] }
    if let declared = try call.optionalInts("inputdimensions") {
      try call.require(
        declared == widths, "the attribute 'inputdimensions' is \(declared), the inputs' \(widths)")
    }
    return Value.concatenated(parts, axis: 1)
  }

  /// The columns that the second input numbers.
  private static func arrayFeatureExtractor(_ call: ONNXCall) throws -> Value {
    var (value, indices) = try (call.input(0), call.input(1))
    try call.require(value.shape.rank > 0, "expects features, got a single number")
    if value.shape.rank == 1 { value = value.expanded(axis: 0) }
    let axis = value.shape.rank - 1
    indices = indices.reshaped(to: [indices.shape.count])
    if let known = call.tracer.known(indices)?.tensor.converted(to: .int64).scalars(of: Int64.self)
    {
      let count = value.shape[axis]
      for index in known where !(0..<count).contains(Int(index)) {
        throw call.error("takes the feature \(index) of \(count)")
      }
    }
    return value.gather(indices, axis: axis)
  }
}

extension ONNXOperator {
  /// An operator of "ai.onnx.ml" with one output, whose type is that of its value.
  static func machineLearning(
    _ name: String, since: Int = 1, _ lower: @escaping @Sendable (ONNXCall) throws -> Value
  ) -> ONNXOperator {
    ONNXOperator(name, domain: "ai.onnx.ml", since: since) { [Operand(try lower($0))] }
  }
}

extension ONNXCall {
  /// An input as `[N, F]`: N samples of F features in float32; a vector is one sample.
  ///
  /// - Parameters:
  ///   - index: The number of the input.
  ///   - keepsDoubles: Whether an input of double precision stays one.
  /// - Returns: The matrix.
  /// - Throws: `NodeError` if the input is none.
  func samples(_ index: Int, keepsDoubles: Bool = false) throws -> Value {
    var value = try input(index)
    if !keepsDoubles || value.elementType != .float64 { value = value.converted(to: .float32) }
    if value.shape.rank == 1 { value = value.expanded(axis: 0) }
    try require(
      value.shape.rank == 2 && !Shape.isSymbolic(value.shape[1]),
      "input \(index) has type \(value.type), not [samples, features]")
    return value
  }

  /// A list of one number, or of one for each feature.
  fileprivate func perFeature(_ name: String, of value: Value) throws -> Value? {
    guard let numbers = try floats(name), !numbers.isEmpty else { return nil }
    try requireCount(numbers.count, name, of: value)
    return value.constant(Tensor(numbers))
  }

  fileprivate func requireCount(_ count: Int, _ name: String, of value: Value) throws {
    let features = value.shape.dimensions.last ?? 1
    try require(
      count == 1 || count == features,
      "the attribute '\(name)' has \(count) numbers for \(features) features")
  }
}
