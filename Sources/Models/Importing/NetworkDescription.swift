import ConfigurationFiles
import Foundation
import Interchange
import Programs
public import Tensors

/// A network of layers with weights from elsewhere, as a YAML file states it.
///
///     name: digits
///     network:
///       - convolution: {channels: 32, kernel: 3, padding: 1, name: conv_layers.0}
///       - relu
///       - max-pool: 2
///       - flatten
///       - dense: {units: 10, name: fc_layers.0}
///     weights: digits_cnn.safetensors            # beside this file
///     names: {fc_layers.0.weight: head.weight}   # what the file calls tensors, where it differs
///     mean: 0.1307                               # a number, or one a channel
///     deviation: 0.3081
///     classes: [zero, one, …]
public struct NetworkDescription: Sendable {
  public var name: String
  public var layers: LayerSequence
  /// The safetensors file with the parameters.
  public var weights: String
  /// What the file calls a parameter, by the network's name for it.
  public var names: [String: String]
  public var mean: [Float]?
  public var deviation: [Float]?
  public var classNames: [String]

  private static let keys = [
    "name", "network", "weights", "names", "mean", "deviation", "classes",
  ]

  /// Reads a description.
  ///
  /// - Throws: `ConfigurationError` with file, line and column.
  public init(path: String) throws {
    let keys = try ConfigurationNode(file: path).mapping(keys: Self.keys)
    let url = URL(fileURLWithPath: path)
    name = try keys.string("name") ?? url.deletingPathExtension().lastPathComponent
    layers = try LayerSequence(keys.required("network"))
    let file = try keys.required("weights").string()
    weights = URL(fileURLWithPath: file, relativeTo: url.deletingLastPathComponent()).path
    names = try keys["names"].map(Self.names) ?? [:]
    mean = try keys["mean"].map(Self.numbers)
    deviation = try keys["deviation"].map(Self.numbers)
    classNames = try keys.strings("classes") ?? []
    if let node = keys["deviation"], deviation?.contains(0) == true {
      throw node.error(.invalid("'deviation' must not be 0: inputs are divided by it"))
    }
  }

  private static func names(_ node: ConfigurationNode) throws -> [String: String] {
    guard case .mapping(let entries) = node.content else {
      throw node.expected("a mapping from the network's names to those of the file")
    }
    return try entries.reduce(into: [:]) { result, entry in
      result[try entry.key.string()] = try entry.value.string()
    }
  }

  private static func numbers(_ node: ConfigurationNode) throws -> [Float] {
    try node.items.map { Float(try $0.number()) }
  }

  /// The network with its weights as a model of these samples.
  ///
  /// - Parameters:
  ///   - input: What a sample is.
  ///   - classNames: The classes, where the description states none.
  /// - Returns: The model.
  /// - Throws: `ModelError` naming the parameter that the file lacks, or `InterchangeError`.
  public func model(for input: InputSpecification, classNames: [String]) throws -> Model {
    let network = Network(input: input.encodedShape, layers: layers)
    let structure = try network.structure(mode: .inference)
    let tensors = try SafetensorsFile(path: weights).tensors
    var parameters: [String: Tensor] = [:]
    for parameter in structure.parameters {
      let name = names[parameter.name] ?? parameter.name
      guard let tensor = tensors[name] else {
        throw ModelError(
          path: weights, .missingWeight(name, layer: parameter.name, known: tensors.keys.sorted()))
      }
      parameters[parameter.name] = tensor
    }
    let count = structure.output.shape.rank == 2 ? structure.output.shape[1] : 0
    let stated = self.classNames.isEmpty ? classNames : self.classNames
    let numbered = (stated.count..<max(stated.count, count == 1 ? 2 : count)).map(String.init)
    return try network.model(
      name: name, input: input, classNames: stated + numbered, parameters: parameters,
      scaling: try scaling(for: input))
  }

  private func scaling(for input: InputSpecification) throws -> InputScaling? {
    guard mean != nil || deviation != nil else { return nil }
    return try InputScaling(mean: mean ?? [0], deviation: deviation ?? [1], of: input)
  }
}

extension InputScaling {
  /// Fixed normalisation: one mean and one deviation for all channels, or one of each a channel.
  ///
  /// - Throws: `ModelError` if there are neither one nor as many as channels.
  public init(mean: [Float], deviation: [Float], of input: InputSpecification) throws {
    let encoded = input.encodedShape
    let channels = encoded.rank == 0 ? 1 : encoded[0]
    let shape = Shape([channels] + Array(repeating: 1, count: max(encoded.rank - 1, 0)))
    func tensor(_ numbers: [Float], _ name: String) throws -> Tensor {
      guard numbers.count == 1 || numbers.count == channels else {
        throw ModelError(
          .data("expected one \(name), or one for each of \(channels) channels, got \(numbers)"))
      }
      return Tensor(
        numbers.count == 1 ? Array(repeating: numbers[0], count: channels) : numbers, shape: shape)
    }
    self.init(offset: try tensor(mean, "mean"), scale: try tensor(deviation, "deviation"))
  }
}
