public import ConfigurationFiles
public import Programs
import Tensors

/// A convolution over the axes after the channels: of series, images or volumes.
///
/// - Shapes: `[N, C, spatial…]` to `[N, channels, spatial…]`; weight
///   `[channels, C / groups, window…]`, bias `[channels]`.
public struct Convolution: Layer {
  public static let kind = "convolution"
  public static let prefix = "conv"
  public var name: String?
  public var channels: Int
  public var window: WindowSettings
  public var groups = 1
  public var bias = true
  public var initialization = WeightInitialization.standard

  public init(
    _ channels: Int, kernel: Int, stride: Int = 1, padding: Padding = 0, dilation: Int = 1,
    groups: Int = 1, bias: Bool = true, initialization: WeightInitialization = .standard
  ) {
    precondition(channels > 0 && groups > 0, "expected positive channels and groups")
    self.channels = channels
    window = WindowSettings([kernel], [stride], padding, [dilation])
    self.groups = groups
    self.bias = bias
    self.initialization = initialization
  }

  public init(_ settings: ConfigurationNode) throws {
    let keys = try settings.mapping(
      keys: ["channels", "groups", "bias", "initialization", "name"] + WindowSettings.keys)
    channels = try keys.required("channels").integer(in: 1...)
    window = try WindowSettings(keys, kernel: keys.required("kernel"), defaultStride: [1])
    groups = try keys.integer("groups", in: 1...) ?? 1
    bias = try keys.boolean("bias") ?? true
    initialization = try keys.choice("initialization", of: WeightInitialization.self) ?? .standard
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    let spatial = try scope.spatialAxes(of: inputs)
    let geometry = try window.windows(over: spatial, in: scope)
    guard inputs.shape[1] % groups == 0, channels % groups == 0 else {
      throw scope.error(
        "\(inputs.shape[1]) and \(channels) channels cannot be split into \(groups) groups")
    }
    let shape = Shape([channels, inputs.shape[1] / groups] + geometry.size)
    let weight = scope.parameter("weight", shape, initialization.weight, like: inputs)
    let offset =
      bias
      ? scope.parameter(
        "bias", [channels], initialization.bias(besideWeight: shape), like: inputs) : nil
    return inputs.convolved(with: weight, geometry.convolution(groups: groups), bias: offset)
  }
}

/// A convolution run backward: it enlarges what a convolution of the same settings shrinks.
///
/// - Shapes: `[N, C, spatial…]` to `[N, channels, spatial…]` with
///   (n − 1) stride + dilation (window − 1) + 1 − 2 padding + output padding elements an axis;
///   weight `[C, channels / groups, window…]`, bias `[channels]`.
public struct TransposedConvolution: Layer {
  public static let kind = "transposed-convolution"
  public static let prefix = "deconv"
  public var name: String?
  public var channels: Int
  public var window: WindowSettings
  public var outputPadding = [0]
  public var groups = 1
  public var bias = true
  public var initialization = WeightInitialization.standard

  public init(
    _ channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true,
    initialization: WeightInitialization = .standard
  ) {
    self.channels = channels
    window = WindowSettings([kernel], [stride], .amounts([padding]), [dilation])
    self.outputPadding = [outputPadding]
    self.groups = groups
    self.bias = bias
    self.initialization = initialization
  }

  public init(_ settings: ConfigurationNode) throws {
    let keys = try settings.mapping(
      keys: ["channels", "groups", "bias", "initialization", "name", "output-padding"]
        + WindowSettings.keys)
    channels = try keys.required("channels").integer(in: 1...)
    window = try WindowSettings(keys, kernel: keys.required("kernel"), defaultStride: [1])
    outputPadding = try keys["output-padding"]?.items.map { try $0.integer(in: 0...) } ?? [0]
    groups = try keys.integer("groups", in: 1...) ?? 1
    bias = try keys.boolean("bias") ?? true
    initialization = try keys.choice("initialization", of: WeightInitialization.self) ?? .standard
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    let spatial = try scope.spatialAxes(of: inputs)
    guard window.padding != .same else { throw scope.error("'same' padding is not defined here") }
    let geometry = try window.windows(over: spatial, in: scope)
    let extra = try scope.perAxis(outputPadding, count: spatial.count, "output padding")
    guard inputs.shape[1] % groups == 0, channels % groups == 0 else {
      throw scope.error(
        "\(inputs.shape[1]) and \(channels) channels cannot be split into \(groups) groups")
    }
    let shape = Shape([inputs.shape[1], channels / groups] + geometry.size)
    let weight = scope.parameter("weight", shape, initialization.weight, like: inputs)
    let offset =
      bias
      ? scope.parameter(
        "bias", [channels], initialization.bias(besideWeight: shape), like: inputs) : nil
    return inputs.convolvedTransposed(
      with: weight, geometry.convolution(groups: groups), outputPadding: extra, bias: offset)
  }
}
