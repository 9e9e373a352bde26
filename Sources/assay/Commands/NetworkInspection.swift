import Interchange
import Programs
import Tensors

/// What `assay inspect` says of a model of another tool.
struct NetworkInspection: Encodable {
  struct Port: Encodable {
    let name: String
    let type: String
  }

  struct Weight: Encodable {
    let name: String
    let shape: Shape
  }

  let format: String
  let inputs: [Port]
  let outputs: [Port]
  let operators: [String: Int]
  /// The weights, once the network could be lowered.
  let weights: [Weight]?
  let equations: Int?
  let program: String?
  /// Which audits the model supports, or why it could not be lowered.
  let audits: String
  let notes: [String]

  init(_ file: any NetworkFile, shapes: [String: Shape]) {
    format = file.format
    inputs = file.inputs.map { Port(name: $0.name, type: "\($0)") }
    outputs = file.outputs.map { Port(name: $0.name, type: "\($0)") }
    operators = file.operatorCounts
    do {
      let network = try file.network(NetworkRequest(shapes: shapes))
      let (program, values) = try network.program.withoutDeadCode()
        .liftingWeights(names: network.weightsByTensor)
      weights = program.inputs.filter { values[$0.name] != nil }.map {
        Weight(name: $0.name, shape: $0.type.shape)
      }
      equations = program.equations.count
      self.program = "\(program)"
      audits = network.gradient.words
      notes = network.notes
    } catch {
      (weights, equations, program) = (nil, nil, nil)
      let reason = (error as? InterchangeError)?.fact.description ?? "\(error)"
      audits = "None as it stands: \(reason)"
      notes = []
    }
  }

  func print(showsProgram: Bool) {
    Output.line(format)
    Output.line()
    Output.table(["input", "type"], inputs.map { [$0.name, $0.type] })
    Output.line()
    Output.table(["output", "type"], outputs.map { [$0.name, $0.type] })
    Output.line()
    Output.table(
      ["operator", "uses"], operators.sorted { $0.key < $1.key }.map { [$0.key, String($0.value)] })
    if let weights {
      Output.line()
      Output.table(
        ["parameter", "shape", "numbers"],
        weights.map { [$0.name, "\($0.shape)", String($0.shape.count)] })
      Output.line(
        "\(weights.reduce(0) { $0 + $1.shape.count }) numbers in \(equations ?? 0) equations")
    }
    Output.line("\nAudits: \(audits)")
    for note in notes { Output.line("Note: \(note)") }
    if showsProgram, let program { Output.line("\n\(program)") }
  }
}

extension GradientKind {
  /// Which audits a network supports.
  fileprivate var words: String {
    switch self {
    case .exact: "all attacks and explanations."
    case .straightThrough(let operators):
      "all attacks and explanations; the gradients of \(operators.joined(separator: ", ")) are "
        + "straight-through estimates."
    case .none(let operators):
      "attacks and explanations that need no gradient: \(operators.joined(separator: ", ")) "
        + "\(operators.count == 1 ? "has" : "have") none."
    }
  }
}
