import Interchange
import Programs
import Tensors

/// A network that was lowered for one shape of its input, on its way to a model.
struct LoweredNetwork {
  let isMapped: Bool
  private let file: any NetworkFile
  private let network: ImportedNetwork
  private let adaptation: InputAdaptation
  private let options: ImportOptions

  /// - Parameters:
  ///   - file: The file.
  ///   - port: The input that samples go to.
  ///   - shape: The shape of that input, all axes included.
  ///   - adaptation: How samples become the input.
  ///   - options: What the caller asks for.
  ///   - isMapped: Whether the network is lowered for concrete shapes, to be mapped over samples.
  init(
    _ file: any NetworkFile, port: NetworkPort, shape: Shape, adaptation: InputAdaptation,
    options: ImportOptions, isMapped: Bool
  ) throws {
    self.file = file
    self.adaptation = adaptation
    self.options = options
    self.isMapped = isMapped
    var request = NetworkRequest(shapes: [port.name: shape], constants: options.fixedInputs)
    request.realInputs = [port.name]
    request.outputs = [try Self.output(of: file, options)]
    network = try file.network(request)
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
  func model() throws -> Model {
    let output = try OutputAdaptation(network, width: width, options: options)
    let source = try Program(
      inputs: network.program.inputs, equations: network.program.equations,
      outputs: [output.source], outputNames: network.program.outputNames
    ).withoutDeadCode()
    let core = isMapped ? try source.mappedOverSamples(of: Set(source.inputs.map(\.name))) : source
    let sample = options.sample
    let port = Program.Port(
      name: "inputs", type: ValueType(.float32, [Shape.batch] + sample.encodedShape))
    let traced = try Program.trace([port]) { values in
      let scaled = options.scaling?(values[0]) ?? values[0]
      let result = try apply(core, to: adaptation(scaled, sample))
      let name = output.head == .value ? "values" : "logits"
      return [(name, output(result).converted(to: .float32))]
    }
    let (program, weights) = try traced.liftingWeights(names: network.weightsByTensor)
    var model = Model(
      name: options.name, program: program, parameters: weights, input: sample, task: output.task,
      classNames: output.classNames)
    model.gradient = GradientAccess(network.gradient)
    model.notes = notes(output)
    try model.validate()
    return model
  }

  /// The numbers of a sample in the output.
  private var width: Int {
    let shape = network.program.outputTypes[0].shape
    let rows = isMapped ? max(adaptation.batch ?? 1, 1) : 1
    let count = shape.count / (shape.isSymbolic ? Shape.batch : 1)
    return shape.rank > 0 && shape[0] == rows ? count / rows : count
  }

  /// The network's output for the inputs of N samples: `[N, width]`.
  private func apply(_ core: Program, to inputs: Value) throws -> Value {
    guard let port = core.inputs.first else {
      throw ModelError(.data("the output does not depend on the input '\(options.input ?? "")'"))
    }
    let shaped = rows(of: inputs, as: port.type)
    var result = inputs.builder.inline(core, [shaped])[0]
    if let rows = adaptation.batch, rows > 1, isMapped {
      // All rows are the same sample: any of them will do.
      result = result.slice(axis: 1, 0..<1)
    }
    guard result.shape.count == Shape.batch * width else {
      throw ModelError(
        .outputs(expected: "numbers for each of N samples", got: "\(result.type)"))
    }
    return result.reshaped(to: [Shape.batch, width])
  }

  /// Inputs `[N] + networkShape` as the program takes them: with a batch axis of their own where it
  /// is mapped over samples.
  private func rows(of inputs: Value, as type: ValueType) -> Value {
    var result = inputs
    let first = adaptation.batch ?? 1
    if isMapped, first > 0 {
      result = result.expanded(axis: 1)
      if first > 1 { result = result.broadcast(to: type.shape) }
    }
    return result.converted(to: type.elementType)
  }

  private func notes(_ output: OutputAdaptation) -> [String] {
    var result = ["Imported from \(file.format)."]
    result += [adaptation.note(for: options.sample), output.note].compactMap(\.self)
    if isMapped, let rows = adaptation.batch, rows > 1 {
      result.append(
        "The file takes exactly \(rows) samples at a time: each sample is computed \(rows) times.")
    }
    return result + network.notes
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
