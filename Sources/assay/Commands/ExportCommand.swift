import ArgumentParser
import Foundation
import Interchange
import Models
import Programs
import Tensors

/// The command `assay export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a model in another format.",
    discussion: """
      Normalisation and everything else that belongs to the model is part of what is written: the
      file takes inputs in the user's units, and gives logits. A model of another tool needs --data,
      which say what a sample is.

      Example:
        assay export digits.safetensors --to onnx --out digits.onnx
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case onnx, safetensors
  }

  @Argument(help: "The model.") var model: String
  @Option(help: "The format: onnx, or safetensors (Assay's own).") var to: Format = .onnx
  @Option(help: "Data whose samples a model of another tool takes.") var data: String?
  @Option(help: "The schema of the data.") var schema: String?
  @OptionGroup(title: "Options for models of other tools") var imported: ImportSettings
  @Option(
    name: [.customShort("o"), .long],
    help: "The file to write; by default the model's name with the format's ending.")
  var out: String?

  func run() throws {
    let path = out ?? URL(filePath: model).deletingPathExtension().path + ".\(to.rawValue)"
    guard URL(filePath: path).standardizedFileURL != URL(filePath: model).standardizedFileURL else {
      throw UsageError("\(path) is the model itself; name another file with --out")
    }
    try requireWritable(path)
    let model = try load()
    switch to {
    case .onnx: try ModelFile.export(model, toONNX: path)
    case .safetensors: try ModelFile.save(model, to: path)
    }
    Output.line("Wrote \(path).")
  }

  private func load() throws -> Model {
    let loader = ModelLoader(path: model, settings: imported, range: nil)
    guard let data else {
      guard try NetworkFormat(path: model) == .safetensors else {
        throw UsageError("\(model) does not say what a sample is; give some data with --data")
      }
      return try ModelFile.load(from: model)
    }
    let loaded = try loader.load(data: data, schema: schema)
    guard loaded.dataInput == loaded.model.input else {
      throw UsageError(
        "\(model) takes whole numbers, and what is audited begins at their embedding: it is already "
          + "in a format that others read")
    }
    return loaded.model
  }
}
