import Execution
import Programs
import Tensors

/// The programs of a training, traced once: gradients, attack steps and evaluation.
///
/// The inputs of each end with the network's parameters, in the order of `structure`.
struct TrainingPrograms: Sendable {
  let structure: Network.Structure
  /// The positions, among the parameters, of those that gradients change.
  let trained: [Int]
  /// The positions of the parameters that the gradient program returns anew: running statistics.
  let updated: [Int]
  /// The gradients of a micro-batch.
  ///
  ///     (inputs, targets, weights, keys…, parameters…) ↦ (loss, correct, gradients…, statistics…)
  ///
  /// TRADES has the perturbed inputs after the inputs.
  let gradients: BatchedFunction
  /// The loss alone: (inputs, targets, weights, parameters…) ↦ (loss, correct).
  let evaluation: BatchedFunction
  /// A step of the attack: (perturbed, inputs, targets or logits, ε, step, parameters…) ↦ perturbed.
  let ascent: BatchedFunction?
  /// The logits from which TRADES moves away: (inputs, parameters…) ↦ logits.
  let logits: BatchedFunction?

  init(
    network: Network, configuration: TrainingConfiguration, scaling: InputScaling,
    threat: ThreatSet?, on backend: any Backend
  ) throws {
    let frozen = Set(configuration.frozenLayers)
    let tracer = TrainingTracer(
      network: network, structure: try network.structure(frozen: frozen), frozen: frozen,
      scaling: scaling, loss: configuration.loss)
    structure = tracer.structure
    trained = tracer.trained
    let traced = try tracer.gradients(configuration.adversarial)
    updated = traced.updated
    gradients = BatchedFunction(traced.program, on: backend)
    evaluation = BatchedFunction(try tracer.evaluation(), on: backend)
    ascent = try configuration.adversarial.flatMap { adversarial in
      try threat.map {
        BatchedFunction(try tracer.ascent(adversarial.method, in: $0), on: backend)
      }
    }
    logits =
      configuration.adversarial?.method == .trades
      ? BatchedFunction(try tracer.logits(), on: backend) : nil
  }
}

/// Traces the programs of a training.
struct TrainingTracer {
  let network: Network
  let structure: Network.Structure
  let frozen: Set<String>
  let scaling: InputScaling
  let loss: Loss

  var trained: [Int] {
    structure.parameters.indices.filter { index in
      let parameter = structure.parameters[index]
      return parameter.isTrainable && !frozen.contains { parameter.name.hasPrefix("\($0).") }
    }
  }

  private var samples: ValueType { ValueType(.float32, [Shape.batch] + network.input) }
  private var targetType: ValueType {
    ValueType(loss.isClassification ? .int64 : .float32, [Shape.batch])
  }

  private func port(_ name: String, _ type: ValueType) -> Program.Port {
    Program.Port(name: name, type: type)
  }

  /// The network's outputs; `extra` are the values of keys, or replaced parameters.
  private func outputs(
    _ inputs: Value, _ parameters: ArraySlice<Value>, mode: LayerScope.Mode,
    extra: [String: Value] = [:]
  ) throws -> (outputs: Value, updates: [(name: String, value: Value)]) {
    let values = Dictionary(
      uniqueKeysWithValues: zip(structure.parameters.map(\.name), parameters)
    ).merging(extra) { $1 }
    let scope = LayerScope(mode: mode, values: values, frozen: frozen)
    return (try network.layers(scaling(inputs), in: scope), scope.updates)
  }

  /// The loss of a batch and how many samples it assigns to their class.
  private func totals(
    _ outputs: Value, _ losses: Value, targets: Value, weights: Value
  ) -> [(name: String, value: Value)] {
    let counted = weights.step()
    let correct =
      loss.isClassification
      ? (loss.correct(outputs, targets: targets) * counted).sum(over: [0]) : weights.scalar(0)
    return [("loss", (losses * weights).sum(over: [0])), ("correct", correct)]
  }

  func evaluation() throws -> Program {
    let ports = [
      port("inputs", samples), port("targets", targetType),
      port("weights", ValueType(.float32, [Shape.batch])),
    ]
    return try Program.trace(ports + structure.parameters.map(\.port)) { values in
      let outputs = try outputs(values[0], values[3...], mode: .inference).outputs
      let losses = loss(outputs, targets: values[1])
      return totals(outputs, losses, targets: values[1], weights: values[2])
    }
  }

  func logits() throws -> Program {
    try Program.trace([port("inputs", samples)] + structure.parameters.map(\.port)) { values in
      [("logits", try outputs(values[0], values[1...], mode: .inference).outputs)]
    }
  }

  func gradients(
    _ adversarial: AdversarialTraining?
  ) throws -> (program: Program, updated: [Int]) {
    let isTrades = adversarial?.method == .trades
    var ports = [port("inputs", samples)]
    if isTrades { ports.append(port("perturbed", samples)) }
    let first = ports.count
    ports += [
      port("targets", targetType), port("weights", ValueType(.float32, [Shape.batch])),
    ]
    ports += structure.keys.map { port($0, ValueType(.int64, [2])) }
    let start = ports.count
    var updated: [Int] = []
    let program = try Program.trace(ports + structure.parameters.map(\.port)) { values in
      let keys = Dictionary(
        uniqueKeysWithValues: zip(structure.keys, values[(first + 2)..<start]))
      let parameters = values[start...]
      var (result, updates) = try outputs(values[0], parameters, mode: .training, extra: keys)
      var losses = loss(result, targets: values[first])
      if isTrades, let beta = adversarial?.beta {
        let statistics = Dictionary(updates.map { ($0.name, $0.value) }) { $1 }
        let moved = try outputs(
          values[1], parameters, mode: .training, extra: keys.merging(statistics) { $1 })
        losses = losses + divergence(result, moved.outputs) * beta
        (result, updates) = (moved.outputs, moved.updates)
      }
      let totals = totals(result, losses, targets: values[first], weights: values[first + 1])
      let gradients = values[0].builder.gradient(
        of: totals[0].value, withRespectTo: trained.map { parameters[start + $0] })
      updated = updates.compactMap { update in
        structure.parameters.firstIndex { $0.name == update.name }
      }
      let named = zip(trained, gradients).map {
        (name: structure.parameters[$0].name, value: $1)
      }
      return totals + named + updates
    }
    return (program, updated)
  }

  /// KL(p ‖ q) of the classes' probabilities, for each sample.
  private func divergence(_ logits: Value, _ moved: Value) -> Value {
    let logProbabilities = logits.logSoftmax(axis: 1)
    let difference = logProbabilities - moved.logSoftmax(axis: 1)
    return (logProbabilities.exponential() * difference).sum(over: [1])
  }

  func ascent(_ method: AdversarialTraining.Method, in threat: ThreatSet) throws -> Program {
    let reference = method == .trades ? structure.output : targetType
    let ports = [
      port("perturbed", samples), port("inputs", samples), port("reference", reference),
      port("epsilon", ValueType(.float32, [])), port("step", ValueType(.float32, [])),
    ]
    return try Program.trace(ports + structure.parameters.map(\.port)) { values in
      let outputs = try outputs(values[0], values[5...], mode: .inference).outputs
      let objective =
        method == .trades
        ? divergence(values[2], outputs) : loss(outputs, targets: values[2])
      let gradient = values[0].builder.gradient(of: objective, withRespectTo: [values[0]])[0]
      let moved = threat.ascended(
        values[0], around: values[1], along: gradient, epsilon: values[3], step: values[4])
      return [("perturbed", moved)]
    }
  }
}
