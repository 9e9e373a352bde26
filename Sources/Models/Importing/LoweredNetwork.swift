import Interchange
import Programs
import Tensors

/// A network that was lowered for one shape of its inputs, on its way to a model.
struct LoweredNetwork {
  private let isMapped: Bool
  private let file: any NetworkFile
  private let network: ImportedNetwork
  private let parts: InputParts
  private let options: ImportOptions

  /// - Parameters:
  ///   - file: The file.
  ///   - parts: How samples become its inputs.
  ///   - options: What the caller asks for.
  ///   - isMapped: Whether the network is lowered for concrete shapes, to be mapped over samples.
  /// - Throws: what the file throws.
  /// - Precondition: there are shapes for it.
  init(
    _ file: any NetworkFile, parts: InputParts, options: ImportOptions, isMapped: Bool
  ) throws {
    guard let shapes = parts.shapes(isMapped: isMapped) else {
      preconditionFailure("expected inputs with an axis for N samples")
    }
    self.file = file
    self.parts = parts
    self.options = options
    self.isMapped = isMapped
    var request = NetworkRequest(shapes: shapes, constants: options.fixedInputs)
    request.outputs = [try Self.output(of: file, options)]
    let audited = parts.audited.port
    for other in file.inputs where options.fixedInputs[other.name] != nil {
      request.shapes[other.name] = other.shape(
        like: options.fixedInputs[other.name]?.shape ?? [], batch: shapes[audited.name] ?? [],
        of: audited)
    }
    let network = try file.network(request)
    let whole = parts.parts.filter {
      !$0.isHeld && $0.port.elementType?.isFloatingPoint == false
        && !EmbeddingCut.isNeeded(for: network.program, input: $0.port.name)
    }
    guard !whole.isEmpty else {
      self.network = network
      return
    }
    // Numbers that are only computed with may as well be real.
    request.realInputs = Set(whole.map(\.port.name))
    self.network = try file.network(request)
  }

  /// The output that is wanted: the named one, or the first that holds real numbers; class numbers
  /// have no derivative.
  private static func output(of file: any NetworkFile, _ options: ImportOptions) throws -> String {
    if let name = options.output { return name }
    let real = file.outputs.first { $0.elementType?.isFloatingPoint == true }
    guard let output = real ?? file.outputs.last else {
      throw InterchangeError.Fact.request("the model has no output")
    }
    return output.name
  }

  /// The network with what lies before and after it, its weights as parameters.
  func model() throws -> ImportedModel {
    let output = try OutputAdaptation(network, width: width, options: options)
    let source = try Program(
      inputs: network.program.inputs, equations: network.program.equations,
      outputs: [output.source], outputNames: network.program.outputNames
    ).withoutDeadCode()
    let core = isMapped ? try source.mappedOverSamples(of: Set(source.inputs.map(\.name))) : source
    let lookups = core.lookups(among: parts)
    guard let first = lookups.first, first.source == .audited else {
      var model = try model(of: core, output, sample: options.sample) { inputs in
        core.inputs.compactMap { value(of: $0, inputs) }
      }
      if !lookups.isEmpty { model.notes.append(Self.note(lookups)) }
      return ImportedModel(model: model, encoder: nil)
    }
    return try embedded(core, first.port.name, output)
  }

  private static func note(_ lookups: [InputPart]) -> String {
    "Whole numbers that the network looks up, so that no derivative passes through them: "
      + lookups.map { "'\($0.port.name)'" }.joined(separator: ", ") + "."
  }

  /// What an input of the network takes of samples.
  private func value(of input: Program.Port, _ samples: Value) -> Value? {
    parts[input.name]?.value(
      of: samples, options.sample, scaling: options.scaling, as: input.type, isMapped: isMapped)
  }

  /// A network of whole numbers: the model begins at their embedding.
  private func embedded(
    _ core: Program, _ input: String, _ output: OutputAdaptation
  ) throws -> ImportedModel {
    let cut = try EmbeddingCut(core, input: input, embedding: "embedding")
    let type = cut.rest.inputs[0].type
    guard type.shape.rank > 1, type.shape[0] == Shape.batch, !type.shape.sample.isSymbolic else {
      throw ModelError(.outputs(expected: "an embedding for each of N samples", got: "\(type)"))
    }
    let held = options.sample.heldInputs.filter { held in
      cut.rest.inputs.contains { $0.name == held.name }
    }
    let sample = InputSpecification(layout: .array, shape: type.shape.sample).holding(held)
    let encoder = try Program.trace([samplePort(options.sample)]) { values in
      let inputs = cut.encoder.inputs.compactMap { value(of: $0, values[0]) }
      let embedding = values[0].builder.inline(cut.encoder, inputs)[0].converted(to: .float32)
      let heldValues = held.compactMap { parts[$0.name]?.values(in: values[0], options.sample) }
      return [("embedding", embedding.packed(heldValues, as: sample))]
    }
    // What is held lies behind the embedding now.
    let moved = try parts.heldParts(in: sample)
    var model = try model(of: cut.rest, output, sample: sample) { inputs in
      let embedding = inputs.audited(sample).converted(to: type.elementType)
      return [embedding]
        + cut.rest.inputs.dropFirst().compactMap { port in
          moved[port.name]?.value(
            of: inputs, sample, scaling: nil, as: port.type, isMapped: isMapped)
        }
    }
    model.notes.append(
      "The input holds whole numbers: the model is attacked and explained at their embedding, whose "
        + "shape for a sample is \(type.shape.sample).")
    return ImportedModel(model: model, encoder: encoder)
  }

  private func samplePort(_ sample: InputSpecification) -> Program.Port {
    Program.Port(
      name: "inputs", type: ValueType(.float32, [Shape.batch] + sample.encodedShape))
  }

  private func model(
    of core: Program, _ output: OutputAdaptation, sample: InputSpecification,
    before: (Value) -> [Value]
  ) throws -> Model {
    let isUsed = core.isUsed
    guard
      core.inputs.indices.contains(where: {
        isUsed[$0] && parts[core.inputs[$0].name]?.isHeld != true
      })
    else {
      throw ModelError(.data("the output '\(core.outputNames[0])' does not depend on the input"))
    }
    let traced = try Program.trace([samplePort(sample)]) { values in
      let outputs = values[0].builder.inline(core, before(values[0]))[0]
      let name = output.head == .value ? "values" : "logits"
      return [(name, output(try numbers(outputs)).converted(to: .float32))]
    }
    let (program, weights) = try traced.liftingWeights(names: network.weightsByTensor)
    let model = Model(
      name: options.name, program: program, parameters: weights, input: sample, task: output.task,
      classNames: output.classNames, gradient: gradient(of: program),
      notes: notes(output))
    try model.validate()
    return model
  }

  /// What derivatives of the model mean: none, too, if none can pass through it.
  private func gradient(of program: Program) -> GradientAccess {
    let stated = GradientAccess(network.gradient)
    if case .none = stated { return stated }
    guard !program.hasGradient() else { return stated }
    return .none(reason: "its output depends on comparisons and whole numbers alone")
  }

  /// The numbers of a sample in the output, once a place in a sequence is chosen.
  private var width: Int {
    get throws {
      let sample = sampleShape
      guard options.position == nil else {
        guard (1...2).contains(sample.rank) else {
          throw ModelError(
            .data("--position needs a sequence of outputs, but a sample has \(sample)"))
        }
        return sample.rank == 1 ? 1 : sample[1]
      }
      guard sample.dimensions.count(where: { $0 != 1 }) <= 1 else {
        throw ModelError(
          .outputs(
            expected:
              "one number a class and sample (choose a place of a sequence with --position)",
            got: "\(sample) a sample"))
      }
      return sample.count
    }
  }

  /// The shape of one sample's outputs.
  private var sampleShape: Shape {
    let shape = network.program.outputTypes[0].shape
    guard isMapped else { return shape.rank > 0 ? shape.sample : shape }
    let rows = parts.audited.adaptation.batch ?? 1
    return rows > 0 && shape.rank > 0 && shape[0] == rows ? shape.sample : shape
  }

  /// The network's output for N samples: `[N, width]`.
  private func numbers(_ outputs: Value) throws -> Value {
    var result = outputs
    if let rows = parts.audited.adaptation.batch, rows > 1, isMapped {
      // All rows are the same sample: any of them will do.
      result = result.slice(axis: 1, 0..<1)
    }
    guard result.shape.count == Shape.batch * sampleShape.count else {
      throw ModelError(
        .outputs(expected: "numbers for each of N samples", got: "\(result.type)"))
    }
    guard let position = options.position else {
      return result.reshaped(to: [Shape.batch, try width])
    }
    let places = sampleShape[0]
    return try position(result.reshaped(to: [Shape.batch, places, try width]))
  }

  private func notes(_ output: OutputAdaptation) -> [String] {
    var result = ["Imported from \(file.format)."]
    result += parts.notes + [output.note].compactMap(\.self)
    if isMapped, let rows = parts.audited.adaptation.batch, rows > 1 {
      result.append(
        "The file takes exactly \(rows) samples at a time: each sample is computed \(rows) times.")
    }
    return result + network.notes
  }
}

extension Program {
  /// The audited inputs whose numbers are looked up.
  fileprivate func lookups(among parts: InputParts) -> [InputPart] {
    inputs.filter { !$0.type.elementType.isFloatingPoint }
      .compactMap { parts[$0.name] }.filter { !$0.isHeld }
  }
}

extension GradientAccess {
  fileprivate init(_ kind: GradientKind) {
    switch kind {
    case .exact: self = .exact
    case .straightThrough(let operators): self = .straightThrough(operators: operators)
    case .none(let operators):
      self = .none(
        reason: "\(operators.joined(separator: ", ")) "
          + (operators.count == 1 ? "is" : "are") + " constant almost everywhere")
    }
  }
}

extension NetworkPort {
  /// The shape of a fixed input: that of its value, with the batch in the axes that are called like
  /// the batch axis of the input that samples go to, or in a first axis without a size.
  fileprivate func shape(like value: Shape, batch shape: Shape, of audited: NetworkPort) -> Shape {
    guard let dimensions, dimensions.count == value.rank, let size = shape.dimensions.first else {
      return value
    }
    let batchAxis = audited.dimensions?.first
    return Shape(
      dimensions.enumerated().map { axis, dimension in
        switch dimension {
        case .fixed: value[axis]
        case .named: dimension == batchAxis ? size : value[axis]
        case .unknown: axis == 0 ? size : value[axis]
        }
      })
  }
}

extension ImportOptions.Position {
  /// The outputs at the place: `[N, places, width]` to `[N, width]`.
  fileprivate func callAsFunction(_ outputs: Value) throws -> Value {
    let count = outputs.shape[1]
    switch self {
    case .first: return outputs.select(axis: 1, 0)
    case .last: return outputs.select(axis: 1, count - 1)
    case .mean: return outputs.mean(over: [1])
    case .index(let index):
      guard (0..<count).contains(index) else {
        throw ModelError(.data("--position \(index) does not exist: a sample has \(count) places"))
      }
      return outputs.select(axis: 1, index)
    }
  }
}
