public import ConfigurationFiles
public import Programs

/// A step of a network: from a batch of samples to another, with named parameters.
///
/// Parameters have PyTorch's names and shapes, so that weights trained there fit.
public protocol Layer: Codable, Hashable, Sendable {
  /// What configurations call the layer.
  static var kind: String { get }
  /// What its name begins with where none is given: "conv" makes "conv1", "conv2", ….
  static var prefix: String { get }
  /// The layer's name; nil for the prefix with a number.
  var name: String? { get set }

  /// Reads the layer's settings from a configuration.
  init(_ settings: ConfigurationNode) throws

  /// Appends the layer's operations.
  ///
  /// - Throws: `ModelError` if the values do not have a shape that the layer can take.
  func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value
}

extension Layer {
  public static var prefix: String { kind }

  /// The same layer under a name.
  public func named(_ name: String) -> Self {
    var layer = self
    layer.name = name
    return layer
  }

  /// The layer itself: what a result builder collects.
  public var layer: any Layer { self }
}

/// Something that stands for a layer in a list of layers.
public protocol LayerConvertible {
  var layer: any Layer { get }
}

/// Layers that are applied one after the other.
public struct LayerSequence: Sendable {
  public var layers: [any Layer]

  public init(_ layers: [any Layer] = []) { self.layers = layers }

  func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    try layers.reduce(inputs) { value, layer in try scope.apply(layer, to: value) }
  }
}

/// Collects layers: `Network(input: [4]) { Dense(8); Relu(); Dense(2) }`.
@resultBuilder
public enum LayerBuilder {
  public static func buildExpression(_ layer: some Layer) -> [any Layer] { [layer] }
  public static func buildExpression(_ layer: some LayerConvertible) -> [any Layer] {
    [layer.layer]
  }
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap(\.self) }
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  public static func buildEither(first: [any Layer]) -> [any Layer] { first }
  public static func buildEither(second: [any Layer]) -> [any Layer] { second }
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap(\.self) }
}
