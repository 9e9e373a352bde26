package import Programs
public import Tensors

/// Layers that are applied one after the other: what a training fits.
///
///     Network(input: [1, 28, 28]) {
///       Convolution(16, kernel: 5, padding: 2); Relu(); MaxPool(2); Flatten(); Dense(10)
///     }
public struct Network: Hashable, Sendable, Codable {
  /// The shape of one encoded sample.
  public var input: Shape
  public var layers: LayerSequence

  public init(input: Shape, layers: LayerSequence) {
    self.input = input
    self.layers = layers
  }

  public init(input: Shape, @LayerBuilder _ layers: () -> [any Layer]) {
    self.init(input: input, layers: LayerSequence(layers()))
  }

  /// What a trace of the network needs and makes.
  package struct Structure: Sendable {
    package let parameters: [ParameterSpecification]
    /// The names of the random keys that are drawn anew for each micro-batch.
    package let keys: [String]
    package let output: ValueType
    /// Whether samples of a batch influence each other: then a batch is not cut.
    package let usesBatchStatistics: Bool

    /// The names of the layers that have parameters, as `frozen` knows them.
    package var layerNames: [String] {
      var names: [String] = []
      for parameter in parameters {
        let parts = parameter.name.split(separator: ".").dropLast()
        for end in parts.indices {
          let name = parts[...end].joined(separator: ".")
          if !names.contains(name) { names.append(name) }
        }
      }
      return names
    }
  }

  /// Finds the network's parameters.
  ///
  /// - Throws: `ModelError` naming the first layer that cannot take what it is given.
  package func structure(
    mode: LayerScope.Mode = .training, frozen: Set<String> = []
  ) throws -> Structure {
    let builder = ProgramBuilder()
    let inputs = builder.input("inputs", ValueType(.float32, [Shape.batch] + input))
    let scope = LayerScope(mode: mode, frozen: frozen)
    let outputs = try layers(inputs, in: scope)
    var names: Set<String> = []
    for parameter in scope.parameters where !names.insert(parameter.name).inserted {
      throw ModelError(.repeatedParameter(parameter.name))
    }
    return Structure(
      parameters: scope.parameters, keys: scope.keys, output: outputs.type,
      usesBatchStatistics: scope.usesBatchStatistics)
  }

  /// The network's parameters, in the order of their layers.
  public func parameters() throws -> [ParameterSpecification] { try structure().parameters }

  /// The values of all parameters at the beginning of a training.
  public func initialParameters(seed: UInt64) throws -> [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: try parameters().map { ($0.name, $0.initialValue(seed: seed)) })
  }
}

extension ParameterSpecification {
  /// The program input that the parameter is.
  package var port: Program.Port { Program.Port(name: name, type: ValueType(.float32, shape)) }
}
