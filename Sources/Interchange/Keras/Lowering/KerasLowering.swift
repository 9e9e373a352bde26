import Programs
import Tensors

/// The lowering of one network: layers in the order in which their results are needed.
final class KerasLowering {
  let tracer = NetworkTracer()
  /// The first number of the version of Keras that wrote the file.
  let version: Int
  private let registry = KerasRegistry.standard
  private var weightValues: [String: Value] = [:]

  init(version: Int) { self.version = version }

  /// A weight as a value; one that is read twice is the same value.
  func weight(
    _ path: String, in weights: KerasWeights, _ elementType: ElementType
  ) throws -> Value {
    let key = "\(path) \(elementType)"
    if let value = weightValues[key] { return value }
    let tensor = try weights.tensor(at: path).converted(to: elementType)
    let value = tracer.weight(path, tensor)
    weightValues[key] = value
    return value
  }

  /// Calls a layer.
  ///
  /// - Throws: `InterchangeError.Fact` with the layer.
  func call(
    _ layer: KerasLayer, weights: KerasWeights, arguments: [KerasInput],
    keywords: [String: KerasInput] = [:]
  ) throws -> [KerasTensor] {
    do {
      let call = KerasCall(
        layer: layer, arguments: arguments, keywords: keywords, weights: weights, lowering: self)
      if let network = layer.network {
        return try run(network, weights: weights.layers(of: network), inputs: call.inputs)
      }
      guard let kind = registry.kind(of: layer) else {
        throw KerasLayerError("the layer is not supported")
      }
      let results = try kind.lower(call)
      if let failure = tracer.builder.failure { throw failure }
      return results
    } catch let error as KerasLayerError {
      throw InterchangeError.Fact.node(layer.place, reason: error.reason)
    } catch let error as ProgramError {
      throw InterchangeError.Fact.node(layer.place, reason: error.reasonWithoutPlace)
    }
  }

  /// Runs a network within or the whole one.
  func run(
    _ network: KerasNetwork, weights: [String: KerasWeights], inputs: [KerasTensor]
  ) throws -> [KerasTensor] {
    guard inputs.count == network.inputs.count else {
      throw KerasLayerError("expects \(network.inputs.count) inputs, got \(inputs.count)")
    }
    var results: [KerasCallKey: [KerasTensor]] = [:]
    for (input, reference) in zip(inputs, network.inputs) {
      results[KerasCallKey(reference)] = [input]
    }
    let order = try KerasOrder(network, isKnown: { results[$0] != nil })
    for key in order.calls {
      guard results[key] == nil else { continue }
      let layer = network.layers[order.index(of: key)]
      let call = layer.calls[key.call]
      results[key] = try self.call(
        layer, weights: weights[layer.name] ?? .absent,
        arguments: call.arguments.map { try bind($0, results) },
        keywords: call.keywords.mapValues { try bind($0, results) })
    }
    return try network.outputs.map { try tensor($0, results) }
  }

  private func bind(
    _ argument: KerasLayerCall.Argument, _ results: [KerasCallKey: [KerasTensor]]
  ) throws -> KerasInput {
    switch argument {
    case .reference(let reference): .tensor(try tensor(reference, results))
    case .value(let value): .value(value)
    case .list(let list): .list(try list.map { try bind($0, results) })
    }
  }

  private func tensor(
    _ reference: KerasReference, _ results: [KerasCallKey: [KerasTensor]]
  ) throws -> KerasTensor {
    guard let made = results[KerasCallKey(reference)], made.indices.contains(reference.output)
    else {
      throw InterchangeError.Fact.damaged(
        format: "Keras", "the layer '\(reference.layer)' has no result \(reference.output)")
    }
    return made[reference.output]
  }
}
