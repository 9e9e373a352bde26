public import Execution
import Foundation
import Interchange
import Programs
public import Tensors

/// Fits a network to data; the result depends on the configuration and the data alone.
///
/// Each batch is cut into micro-batches of a fixed size that worker threads take on; gradients are
/// summed in the order of the micro-batches, so that one thread and many make the same weights.
/// A network with batch normalisation takes each batch whole, on one thread.
public struct Trainer: Sendable {
  public let configuration: TrainingConfiguration
  public let network: Network
  public let input: InputSpecification
  public let classNames: [String]
  let training: TrainingData
  let validation: TrainingData?
  let threads: Int
  let scaling: InputScaling
  let head: OutputHead
  let threat: ThreatSet?
  let programs: TrainingPrograms
  let update: any Executable
  /// The weight of each class in the loss; empty for a regression.
  let classWeights: [Float]
  private let initial: [Tensor]
  private let newParameters: [String]

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - configuration: What is trained, and how.
  ///   - data: The samples to train on; the configured share of them is kept to validate.
  ///   - input: What a sample is.
  ///   - classNames: The classes; empty for a regression.
  ///   - backend: Where programs run.
  ///   - threads: The number of worker threads, on which no result depends.
  /// - Throws: `ModelError` if network, data and classes do not fit together.
  public init(
    _ configuration: TrainingConfiguration, data: TrainingData, input: InputSpecification,
    classNames: [String], on backend: any Backend, threads: Int = 1
  ) throws {
    self.configuration = configuration
    self.input = input
    self.classNames = classNames
    self.threads = max(threads, 1)
    network = Network(input: input.encodedShape, layers: configuration.network)
    let parts =
      configuration.validationFraction > 0
      ? data.split(fraction: configuration.validationFraction, seed: configuration.seed)
      : (data, data)
    training = parts.0
    validation = configuration.validationFraction > 0 ? parts.1 : nil
    head = try Self.head(configuration.loss, classNames, parts.0, network: network)
    scaling = InputScaling(configuration.normalization, fitting: parts.0.inputs, of: input)
    let inputs = parts.0.inputs
    threat = configuration.adversarial.map { ThreatSet($0, input: input, inputs: inputs) }
    programs = try TrainingPrograms(
      network: network, configuration: configuration, scaling: scaling, threat: threat,
      on: backend)
    let structure = programs.structure
    for name in configuration.frozenLayers where !structure.layerNames.contains(name) {
      throw ModelError(.unknownLayer(name, known: structure.layerNames))
    }
    (initial, newParameters) = try Self.initialParameters(configuration, structure)
    let shapes = programs.trained.map { structure.parameters[$0].shape }
    update = try backend.compile(configuration.optimizer.program(shapes))
    classWeights = try Self.classWeights(configuration, classNames, parts.0)
  }

  /// Trains the network, or goes on where a checkpoint stands.
  ///
  /// - Parameters:
  ///   - path: The file that keeps the state of the training; nil for none.
  ///   - dataName: What the record calls the data.
  ///   - versions: The versions of the libraries in use, for the record.
  ///   - report: Is told how far the training has come; an error that it throws ends the training.
  /// - Returns: The trained model, with its training record.
  /// - Throws: `ModelError` if the loss is no longer finite, or what the backend throws.
  public func train(
    checkpoint path: String? = nil, dataName: String = "", versions: [String: String] = [:],
    report: (TrainingProgress) throws -> Void = { _ in }
  ) throws -> Model {
    let checkpoint = try path.map {
      Checkpoint(
        path: $0, fingerprint: try fingerprint(), structure: programs.structure,
        trained: programs.trained)
    }
    let slotCount = configuration.optimizer.slotCount
    var state = try checkpoint?.load(slotCount: slotCount) ?? initialState(slotCount: slotCount)
    var clock = TrainingClock(
      done: state.progress.updates, of: stepsPerEpoch * configuration.epochs)
    while !state.progress.isStopped, state.progress.epoch < configuration.epochs {
      try runEpoch(&state, checkpoint, &clock, report)
      try checkpoint?.save(state)
    }
    return try model(state, dataName: dataName, versions: versions)
  }

  private func initialState(slotCount: Int) -> TrainingState {
    TrainingState(
      parameters: initial,
      slots: programs.trained.map { index in
        Array(repeating: Tensor(zeros: initial[index].shape), count: slotCount)
      })
  }

  private func model(
    _ state: TrainingState, dataName: String, versions: [String: String]
  ) throws -> Model {
    let names = programs.structure.parameters.map(\.name)
    let values = state.result(configuration.earlyStopping)
    var model = try network.model(
      name: configuration.name, input: input, classNames: classNames,
      parameters: Dictionary(uniqueKeysWithValues: zip(names, values)), scaling: scaling,
      head: head)
    let record = TrainingRecord(
      configuration: configuration, data: dataName, trainingSamples: training.count,
      validationSamples: validation?.count ?? 0, history: state.progress.history,
      newParameters: newParameters, versions: versions)
    model.trainingRecord = String(decoding: try Self.encoder.encode(record), as: UTF8.self)
    return model
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  /// What a checkpoint must agree in: everything that the weights depend on.
  private func fingerprint() throws -> UInt64 {
    var hash = Fingerprint()
    hash.absorb(try Self.encoder.encode(configuration))
    hash.absorb(try Self.encoder.encode(input))
    for tensor in [training.inputs, training.targets] + initial { hash.absorb(tensor.bytes) }
    return hash.value
  }
}
