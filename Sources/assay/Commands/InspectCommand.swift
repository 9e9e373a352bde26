import ArgumentParser
import Interchange
import Models
import Programs
import Tensors

/// The command `assay inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Prints what a model file holds, and what audits it supports.",
    discussion: """
      Inputs, outputs, operators, parameters and, on request, the program: of Assay's own models and
      of those of other tools.

      Examples:
        assay inspect digits.safetensors
        assay inspect encoder.onnx --shape ids=N,20 --shape mask=N,20
      """)

  @Argument(help: "The model.") var model: String
  @Option(
    help: ArgumentHelp(
      "The shape of an input whose axes a file leaves open; N is the batch.",
      valueName: "name=N,3,32,32"))
  var shape: [String] = []
  @Flag(help: "Print the program's equations too.") var program = false
  @Flag(help: "Print the description as JSON.") var json = false

  func run() throws {
    guard try NetworkFormat(path: model) == .safetensors else {
      let inspection = NetworkInspection(
        try NetworkFiles.open(model), shapes: try Self.shapes(shape))
      return json ? try Output.json(inspection) : inspection.print(showsProgram: program)
    }
    let model = try ModelFile.load(from: model)
    if json { return try Output.json(Inspection(model)) }
    Output.line("\(model.name): \(model.task.rawValue)")
    Output.line("Input: \(model.input.layout.rawValue) \(model.input.shape)")
    if model.task == .classification {
      Output.line("Classes: \(model.classNames.joined(separator: ", "))")
    }
    if !model.input.features.isEmpty {
      Output.line()
      Output.table(
        ["feature", "kind", "unit", "valid range", "mutable"],
        model.input.features.map { feature in
          [
            feature.name, feature.kind.rawValue, feature.unit ?? "",
            feature.validRange.map { "\($0)" } ?? "any", feature.isMutable ? "yes" : "no",
          ]
        })
    }
    Output.line()
    let parameters = model.program.inputs.dropFirst()
    Output.table(
      ["parameter", "shape", "numbers"],
      parameters.map { port in
        [port.name, "\(port.type.shape)", String(port.type.shape.count)]
      })
    Output.line(
      "\(parameters.reduce(0) { $0 + $1.type.shape.count }) numbers in "
        + "\(model.program.equations.count) equations")
    if program { Output.line("\n\(model.program)") }
    if let gradient = model.gradient.sentence { Output.line("\n\(gradient)") }
    for note in model.notes { Output.line("\nNote: \(note)") }
    if !model.trainingRecord.isEmpty { Output.line("\nTraining: \(model.trainingRecord)") }
  }
}

extension InspectCommand {
  /// Shapes by input: `name=N,3,32,32`.
  private static func shapes(_ texts: [String]) throws -> [String: Shape] {
    try texts.reduce(into: [:]) { result, text in
      let parts = text.split(separator: "=", maxSplits: 1)
      let dimensions = parts.last?.split(separator: ",").map { part in
        part == "N" ? Shape.batch : Int(part)
      }
      guard parts.count == 2, let known = dimensions?.compactMap(\.self),
        known.count == dimensions?.count, known.allSatisfy({ $0 > 0 })
      else { throw UsageError("--shape takes NAME=N,3,32,32 with N for the batch, got '\(text)'") }
      result[String(parts[0])] = Shape(known)
    }
  }
}

/// A model file as JSON.
private struct Inspection: Encodable {
  let name: String
  let task: String
  let classNames: [String]
  let input: InputSpecification
  let parameters: [String: Shape]
  let equations: Int
  let program: String
  let trainingRecord: String
  let gradient: GradientAccess
  let notes: [String]

  init(_ model: Model) {
    name = model.name
    task = model.task.rawValue
    classNames = model.classNames
    input = model.input
    parameters = model.parameters.mapValues(\.shape)
    equations = model.program.equations.count
    program = "\(model.program)"
    trainingRecord = model.trainingRecord
    gradient = model.gradient
    notes = model.notes
  }
}

extension GradientAccess {
  /// What a user should know of the gradient; nil where it is what one expects.
  fileprivate var sentence: String? {
    switch self {
    case .exact: nil
    case .straightThrough(let operators):
      "Gradient: a straight-through estimate, for which these operators count as the identity: "
        + operators.joined(separator: ", ")
    case .none(let reason): "Gradient: none (\(reason)); the model can be queried only"
    }
  }
}
