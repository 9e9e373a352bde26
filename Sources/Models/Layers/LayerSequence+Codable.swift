import ConfigurationFiles

/// Every layer that a configuration or a file can name.
package enum LayerRegistry {
  package static let all: [any Layer.Type] = [
    Dense.self, Convolution.self, TransposedConvolution.self,
    MaxPool.self, AveragePool.self, GlobalAveragePool.self,
    BatchNormalization.self, LayerNormalization.self, GroupNormalization.self,
    Dropout.self, Flatten.self, Reshape.self, Permute.self, Embedding.self,
    SimpleRecurrent.self, GatedRecurrent.self, LongShortTermMemory.self,
    SelfAttention.self, Residual.self,
  ]

  /// The layer that a configuration describes: `relu`, `dense: 10`, `dropout: {rate: 0.5}`.
  static func layer(_ node: ConfigurationNode) throws -> any Layer {
    let (nameNode, settings) = try node.named()
    let name = try nameNode.string()
    if let function = ActivationFunction(rawValue: name) {
      return try Activation(function, settings: settings)
    }
    guard let type = all.first(where: { $0.kind == name }) else {
      let names = all.map { $0.kind } + ActivationFunction.allCases.map(\.rawValue)
      throw nameNode.error(.unknownName(name, known: names))
    }
    return try type.init(settings)
  }
}

extension LayerSequence {
  /// Reads a list of layers from a configuration.
  init(_ node: ConfigurationNode) throws {
    self.init(try node.items.map(LayerRegistry.layer))
  }
}

extension LayerSequence: Hashable {
  public static func == (left: LayerSequence, right: LayerSequence) -> Bool {
    left.layers.map { AnyHashable($0) } == right.layers.map { AnyHashable($0) }
  }

  public func hash(into hasher: inout Hasher) {
    for layer in layers { hasher.combine(AnyHashable(layer)) }
  }
}

/// A list of single-key objects: `[{"dense": {…}}, {"activation": {…}}]`.
extension LayerSequence: Codable {
  private struct Kind: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    layers = []
    while !list.isAtEnd {
      let entry = try list.nestedContainer(keyedBy: Kind.self)
      let types = LayerRegistry.all + [Activation.self]
      guard let key = entry.allKeys.first,
        let type = types.first(where: { $0.kind == key.stringValue })
      else {
        throw DecodingError.dataCorruptedError(in: list, debugDescription: "unknown layer")
      }
      layers.append(try entry.decode(type, forKey: key))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for layer in layers {
      var entry = list.nestedContainer(keyedBy: Kind.self)
      try entry.encode(layer, forKey: Kind(stringValue: type(of: layer).kind))
    }
  }
}
