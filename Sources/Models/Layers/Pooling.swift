public import ConfigurationFiles
public import Programs
import Tensors

/// The largest element of each window; the stride is the size unless given.
///
/// - Shapes: `[N, C, spatial…]` to `[N, C, spatial…]`.
public struct MaxPool: Layer {
  public static let kind = "max-pool"
  public static let prefix = "pool"
  public var name: String?
  public var window: WindowSettings

  public init(_ size: Int, stride: Int? = nil, padding: Padding = 0) {
    window = WindowSettings([size], [stride ?? size], padding, [1])
  }

  public init(_ settings: ConfigurationNode) throws {
    (window, _, name) = try pooling(settings, keys: ["dilation"])
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    inputs.maxPooled(try window.windows(over: scope.spatialAxes(of: inputs), in: scope))
  }
}

/// The mean of each window; the stride is the size unless given.
///
/// - Shapes: `[N, C, spatial…]` to `[N, C, spatial…]`.
public struct AveragePool: Layer {
  public static let kind = "average-pool"
  public static let prefix = "pool"
  public var name: String?
  public var window: WindowSettings
  /// Whether padding counts as zeros, as it does in PyTorch, or is left out of the mean.
  public var countsPadding = true

  public init(
    _ size: Int, stride: Int? = nil, padding: Padding = 0, countsPadding: Bool = true
  ) {
    window = WindowSettings([size], [stride ?? size], padding, [1])
    self.countsPadding = countsPadding
  }

  public init(_ settings: ConfigurationNode) throws {
    let keys: ConfigurationMapping?
    (window, keys, name) = try pooling(settings, keys: ["count-padding"])
    countsPadding = try keys?.boolean("count-padding") ?? true
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    inputs.averagePooled(
      try window.windows(over: scope.spatialAxes(of: inputs), in: scope),
      countsPadding: countsPadding)
  }
}

/// The mean of each channel.
///
/// - Shapes: `[N, C, spatial…]` to `[N, C]`.
public struct GlobalAveragePool: Layer {
  public static let kind = "global-average-pool"
  public static let prefix = "pool"
  public var name: String?

  public init() {}

  public init(_ settings: ConfigurationNode) throws { name = try settings.nameOnly() }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    _ = try scope.spatialAxes(of: inputs)
    return inputs.mean(over: Array(2..<inputs.shape.rank))
  }
}

/// The settings of a pooling layer: a size alone, or a mapping.
private func pooling(
  _ settings: ConfigurationNode, keys extra: [String]
) throws -> (WindowSettings, ConfigurationMapping?, String?) {
  guard case .mapping = settings.content else {
    let size = try settings.items.map { try $0.integer(in: 1...) }
    guard !size.isEmpty else { throw settings.expected("a window size") }
    return (WindowSettings(size, size, 0, [1]), nil, nil)
  }
  let keys = try settings.mapping(keys: ["size", "stride", "padding", "name"] + extra)
  let window = try WindowSettings(keys, kernel: keys.required("size"), defaultStride: nil)
  return (window, keys, try keys.string("name"))
}

extension ConfigurationNode {
  /// The name of a layer that has no other setting.
  func nameOnly() throws -> String? {
    isNull ? nil : try mapping(keys: ["name"]).string("name")
  }
}
