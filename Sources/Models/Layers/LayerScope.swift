public import Programs
public import Tensors

/// Where layers find their parameters while a network is traced.
///
/// A network is traced twice: once to learn which parameters there are, and once with the
/// parameters declared as inputs of the program.
public final class LayerScope {
  /// What a network is traced for.
  public enum Mode: Hashable, Sendable {
    /// Normalisation by running statistics; no dropout.
    case inference
    /// Normalisation by the statistics of the batch; dropout.
    case training
  }

  private let requestedMode: Mode
  private let frozen: Set<String>
  package private(set) var parameters: [ParameterSpecification] = []
  /// The names of the random keys that layers asked for.
  package private(set) var keys: [String] = []
  /// New values of parameters that are not trained by gradients: running statistics.
  package private(set) var updates: [(name: String, value: Value)] = []
  /// Whether a layer couples the samples of a batch.
  package private(set) var usesBatchStatistics = false
  private let values: [String: Value]?
  private var path: [String] = []
  private var counts: [[String: Int]] = [[:]]

  /// - Parameters:
  ///   - mode: What the network is traced for.
  ///   - values: The parameters and keys by name; nil to find out which there are.
  ///   - frozen: The names of the layers that behave as in inference even while training.
  init(mode: Mode, values: [String: Value]? = nil, frozen: Set<String> = []) {
    requestedMode = mode
    self.values = values
    self.frozen = frozen
  }

  /// What the current layer is traced for.
  public var mode: Mode {
    let isFrozen = path.indices.contains { frozen.contains(path[...$0].joined(separator: ".")) }
    return isFrozen ? .inference : requestedMode
  }

  /// The full name of the layer that is being traced.
  public var layerName: String { path.joined(separator: ".") }

  /// Traces one layer under its name.
  ///
  /// - Throws: `ModelError` naming the layer.
  func apply(_ layer: any Layer, to inputs: Value) throws -> Value {
    path.append(name(for: layer))
    counts.append([:])
    defer {
      path.removeLast()
      counts.removeLast()
    }
    let result = try layer(inputs, in: self)
    if values == nil {
      // Programs report an equation; a user knows layers.
      do {
        _ = try inputs.builder.program([("outputs", result)])
      } catch let error as ProgramError {
        throw ModelError(.layer(name: layerName, reason: error.description))
      }
    }
    return result
  }

  private func name(for layer: any Layer) -> String {
    if let name = layer.name { return name }
    let prefix = type(of: layer).prefix
    counts[counts.count - 1][prefix, default: 0] += 1
    return "\(prefix)\(counts[counts.count - 1][prefix, default: 1])"
  }

  /// A parameter of the current layer.
  public func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer, like inputs: Value
  ) -> Value {
    declare(ParameterSpecification("\(layerName).\(name)", shape, initializer), like: inputs)
  }

  /// A value of the current layer that is kept with the parameters, yet not trained by gradients.
  public func statistic(
    _ name: String, _ shape: Shape, _ initializer: Initializer, like inputs: Value
  ) -> Value {
    var specification = ParameterSpecification("\(layerName).\(name)", shape, initializer)
    specification.isTrainable = false
    return declare(specification, like: inputs)
  }

  /// Sets what a statistic becomes after the batch.
  public func update(_ name: String, to value: Value) {
    updates.append(("\(layerName).\(name)", value.stoppingGradient()))
    usesBatchStatistics = true
  }

  /// Numbers uniform in [0, 1), new for each layer and each batch.
  public func uniform(_ shape: Shape, like inputs: Value) -> Value {
    let name = "key.\(layerName)"
    keys.append(name)
    let key = values?[name] ?? inputs.builder.constant(Tensor([Int64(0), 0]))
    return inputs.builder.append(.randomUniform(shape), [key])
  }

  private func declare(_ parameter: ParameterSpecification, like inputs: Value) -> Value {
    parameters.append(parameter)
    if let value = values?[parameter.name] { return value }
    let one = inputs.builder.constant(Tensor(1))
    return one.broadcast(to: parameter.shape)
  }

  /// An error about the current layer.
  public func error(_ reason: String) -> ModelError {
    ModelError(.layer(name: layerName, reason: reason))
  }
}
