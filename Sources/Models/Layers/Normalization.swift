public import ConfigurationFiles
public import Programs
import Tensors

/// Normalises each channel by its mean and variance over the batch, then scales and shifts it.
///
///     y = γ (x − μ) / √(σ² + ε) + β
///
/// In training μ and σ² are those of the batch, and the running statistics move toward them
/// (σ² unbiased there); otherwise the running statistics are used.
///
/// - Shapes: `[N, C, …]` kept; weight, bias, running_mean and running_var `[C]`.
/// - Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1.
public struct BatchNormalization: Layer {
  public static let kind = "batch-normalization"
  public static let prefix = "norm"
  public var name: String?
  public var epsilon = 1e-5
  /// The weight of the newest batch in the running statistics.
  public var momentum = 0.1

  public init(epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public init(_ settings: ConfigurationNode) throws {
    guard !settings.isNull else { return }
    let keys = try settings.mapping(keys: ["epsilon", "momentum", "name"])
    epsilon = try keys.number("epsilon", in: 1e-12...1) ?? epsilon
    momentum = try keys.number("momentum", in: 0...1) ?? momentum
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    guard inputs.shape.rank >= 2 else {
      throw scope.error("expects inputs [N, channels, …], got \(inputs.type)")
    }
    let rank = inputs.shape.rank
    let channels: Shape = [inputs.shape[1]]
    let weight = scope.parameter("weight", channels, .ones, like: inputs)
    let bias = scope.parameter("bias", channels, .zeros, like: inputs)
    let runningMean = scope.statistic("running_mean", channels, .zeros, like: inputs)
    let runningVariance = scope.statistic("running_var", channels, .ones, like: inputs)
    var (mean, variance) = (runningMean, runningVariance)
    if scope.mode == .training {
      let axes = (0..<rank).filter { $0 != 1 }
      (mean, variance) = (inputs.mean(over: axes), inputs.variance(over: axes))
      let count = inputs.elementCount(over: axes)
      let unbiased = variance * (count / (count - 1))
      scope.update("running_mean", to: runningMean * (1 - momentum) + mean * momentum)
      scope.update("running_var", to: runningVariance * (1 - momentum) + unbiased * momentum)
    }
    let factor = weight / (variance + epsilon).squareRoot()
    return inputs * factor.alongChannels(rank: rank)
      + (bias - mean * factor).alongChannels(rank: rank)
  }
}

/// Normalises the last axes of each sample by their own mean and variance.
///
/// - Shapes: `[N, …]` kept; weight and bias have the shape of the last `axes` axes.
/// - Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450.
public struct LayerNormalization: Layer {
  public static let kind = "layer-normalization"
  public static let prefix = "norm"
  public var name: String?
  /// How many of the last axes are normalised together.
  public var axes = 1
  public var epsilon = 1e-5

  public init(axes: Int = 1, epsilon: Double = 1e-5) {
    self.axes = axes
    self.epsilon = epsilon
  }

  public init(_ settings: ConfigurationNode) throws {
    guard !settings.isNull else { return }
    let keys = try settings.mapping(keys: ["axes", "epsilon", "name"])
    axes = try keys.integer("axes", in: 1...) ?? 1
    epsilon = try keys.number("epsilon", in: 1e-12...1) ?? epsilon
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    guard inputs.shape.rank > axes else {
      throw scope.error("cannot normalise \(axes) axes of each sample of \(inputs.type)")
    }
    let shape = Shape(Array(inputs.shape.dimensions.suffix(axes)))
    let weight = scope.parameter("weight", shape, .ones, like: inputs)
    let bias = scope.parameter("bias", shape, .zeros, like: inputs)
    let last = Array(inputs.shape.rank - axes..<inputs.shape.rank)
    return inputs.normalized(over: last, epsilon: epsilon) * weight + bias
  }
}

/// Normalises groups of channels of each sample by their own mean and variance.
///
/// - Shapes: `[N, C, …]` kept; weight and bias `[C]`.
/// - Source: Wu and He 2018, arXiv:1803.08494.
public struct GroupNormalization: Layer {
  public static let kind = "group-normalization"
  public static let prefix = "norm"
  public var name: String?
  public var groups: Int
  public var epsilon = 1e-5

  public init(groups: Int, epsilon: Double = 1e-5) {
    self.groups = groups
    self.epsilon = epsilon
  }

  public init(_ settings: ConfigurationNode) throws {
    let keys = try settings.mapping(keys: ["groups", "epsilon", "name"])
    groups = try keys.required("groups").integer(in: 1...)
    epsilon = try keys.number("epsilon", in: 1e-12...1) ?? epsilon
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    let shape = inputs.shape
    guard shape.rank >= 2, shape[1] % groups == 0 else {
      throw scope.error("cannot split the channels of \(inputs.type) into \(groups) groups")
    }
    let weight = scope.parameter("weight", [shape[1]], .ones, like: inputs)
    let bias = scope.parameter("bias", [shape[1]], .zeros, like: inputs)
    let grouped = inputs.reshaped(to: [shape[0], groups, shape.sample.count / groups])
    let normalized = grouped.normalized(over: [2], epsilon: epsilon).reshaped(to: shape)
    return normalized * weight.alongChannels(rank: shape.rank)
      + bias.alongChannels(rank: shape.rank)
  }
}
