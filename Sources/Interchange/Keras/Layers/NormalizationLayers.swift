import Programs
import Tensors

/// Layers that centre and scale.
enum NormalizationLayers {
  static let all: [KerasLayerKind] = [
    .stepwise("BatchNormalization", lower: batch),
    .stepwise("LayerNormalization", lower: layer),
    .stepwise("RMSNormalization", lower: rootMeanSquare),
    .stepwise("GroupNormalization", lower: group),
    .stepwise("UnitNormalization", lower: unit),
    .value("Normalization", lower: fixed),
  ]

  /// (x − mean) γ / √(variance + ε) + β with the moments of the training data.
  private static func batch(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    let axes = try call.configuration.integers("axis") ?? [-1]
    try call.require(axes.count == 1, "normalises along several axes")
    let axis = try call.axis(axes[0], rank: value.shape.rank)
    let epsilon = try call.configuration.number("epsilon", default: 1e-3)
    let weights = try call.scaleAndOffset(rank: 1)
    let mean = try call.weight(weights.count, "moving mean", rank: 1)
    let variance = try call.weight(weights.count + 1, "moving variance", rank: 1)
    let deviation = (variance + epsilon).squareRoot()
    let scale = (weights.scale ?? deviation.scalar(1)) / deviation
    let offset = (weights.offset ?? mean.scalar(0)) - mean * scale
    return value.along(axis: axis) { value, axis in
      value * scale.along(axis: axis, of: value) + offset.along(axis: axis, of: value)
    }
  }

  /// (x − mean) γ / √(variance + ε) + β over some axes of each sample.
  private static func layer(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    let axes = try call.axes("axis", of: value)
    let epsilon = try call.configuration.number("epsilon", default: 1e-3)
    let normalized: Value
    if call.configuration.flag("rms_scaling", default: false) {
      let variance = value.variance(over: axes, keepingDimensions: true)
      normalized = value / (variance + epsilon).squareRoot()
    } else {
      normalized = value.normalized(over: axes, epsilon: epsilon)
    }
    return try call.scaled(normalized, axes: axes)
  }

  /// x γ / √(mean of x² + ε).
  ///
  /// - Source: Zhang and Sennrich 2019, arXiv:1910.07467.
  private static func rootMeanSquare(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    let axes = try call.axes("axis", of: value)
    let epsilon = try call.configuration.number("epsilon", default: 1e-6)
    let mean = value.squared().mean(over: axes, keepingDimensions: true)
    let scale = try call.weight(0, "scale")
    return value / (mean + epsilon).squareRoot() * scale.alongAxes(axes, of: value)
  }

  /// The channels of each group normalised together, over all other axes of a sample.
  private static func group(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    let rank = value.shape.rank
    let axis = try call.axis(call.configuration.integer("axis", default: -1), rank: rank)
    let channels = value.shape[axis]
    let stated = try call.configuration.integer("groups", default: 32)
    let groups = stated == -1 ? channels : stated
    let epsilon = try call.configuration.number("epsilon", default: 1e-3)
    try call.require(
      axis > 0 && groups > 0 && channels % groups == 0,
      "\(channels) channels do not make \(groups) groups")
    var dimensions = value.shape.dimensions
    dimensions[axis] = channels / groups
    dimensions.insert(groups, at: axis)
    let normalized = value.reshaped(to: Shape(dimensions))
      .normalized(over: (1...rank).filter { $0 != axis }, epsilon: epsilon)
    return try call.scaled(normalized.reshaped(to: value.shape), axes: [axis])
  }

  /// x / √(Σ x²), and 0 for a vector of zeros.
  private static func unit(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    let axes = try call.axes("axis", of: value)
    let sum = value.squared().sum(over: axes, keepingDimensions: true)
    return value / sum.maximum(sum.scalar(1e-24)).squareRoot()
  }

  /// (x − mean) / √variance with moments that the file states, or the inverse.
  private static func fixed(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    // Without an axis there is one mean for all elements.
    let axes = call.configuration["axis"] == nil ? [] : try call.axes("axis", of: value)
    let mean = try call.moment("mean", 0, axes, of: value)
    let variance = try call.moment("variance", 1, axes, of: value)
    let deviation = variance.squareRoot().maximum(value.scalar(1e-7))
    return call.configuration.flag("invert", default: false)
      ? value * deviation + mean : (value - mean) / deviation
  }
}

extension KerasCall {
  /// γ and β, each of which a layer may lack, and how many of them there are.
  fileprivate func scaleAndOffset(
    rank: Int
  ) throws -> (scale: Value?, offset: Value?, count: Int) {
    var count = 0
    func next(_ setting: String, _ name: String) throws -> Value? {
      guard configuration.flag(setting, default: true) else { return nil }
      defer { count += 1 }
      return try weight(count, name, rank: rank)
    }
    let scale = try next("scale", "gamma")
    let offset = try next("center", "beta")
    return (scale, offset, count)
  }

  /// γ x + β along some axes.
  fileprivate func scaled(_ value: Value, axes: [Int]) throws -> Value {
    let weights = try scaleAndOffset(rank: axes.count)
    var result = value
    if let scale = weights.scale { result = result * scale.alongAxes(axes, of: value) }
    if let offset = weights.offset { result = result + offset.alongAxes(axes, of: value) }
    return result
  }

  fileprivate func axes(_ setting: String, of value: Value) throws -> [Int] {
    let axes = try (configuration.integers(setting) ?? [-1])
      .map { try axis($0, rank: value.shape.rank) }
    try require(Set(axes).count == axes.count, "the axes \(axes) repeat")
    return axes.sorted()
  }

  /// A moment from the settings, or else from the weights.
  fileprivate func moment(
    _ name: String, _ index: Int, _ axes: [Int], of value: Value
  ) throws -> Value {
    guard let stated = configuration[name] else {
      return try weight(index, name).alongAxes(axes, of: value)
    }
    let numbers = stated.numbers
    let tensor = Tensor(numbers, shape: [numbers.count]).converted(to: elementType)
    return builder.constant(tensor).alongAxes(axes, of: value)
  }
}

extension KerasValue {
  /// The numbers of nested lists, in order.
  fileprivate var numbers: [Double] { list?.flatMap(\.numbers) ?? number.map { [$0] } ?? [] }
}

extension Value {
  /// A vector as a tensor that broadcasts along one axis of another value.
  fileprivate func along(axis: Int, of value: Value) -> Value {
    alongAxes([axis], of: value)
  }

  /// Numbers for some axes as a tensor that broadcasts along those of another value.
  fileprivate func alongAxes(_ axes: [Int], of value: Value) -> Value {
    guard shape.count > 1 else { return reshaped(to: []) }
    return reshaped(
      to: Shape((0..<value.shape.rank).map { axes.contains($0) ? value.shape[$0] : 1 }))
  }
}
