import ArgumentParser
import AttackSuites
import Attacks
import Foundation
import ReportTemplates
import Tensors

/// The command `assay init`.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes assay.yaml and the jobs of a pipeline that runs 'assay check'.",
    discussion: """
      Writes assay.yaml, .github/workflows/assay.yml and .gitlab/assay.yml, each commented; keep what
      you need. What exists is left alone unless --force is given.

      Example:
        assay init models/digits.safetensors --data data/digits.npz --suite quick
      """)

  @Argument(help: "The model that is checked.") var model: String
  @Option(help: "The data that it is checked on.") var data: String
  @Option(help: "Which part of the data: all, train or test.") var part: DataPart = .all
  @Option(help: "The suite: quick, standard, tabular, or a YAML file.") var suite = "quick"
  @Option(help: "The folder to write to.") var folder = "."
  @Flag(help: "Replace files that exist.") var force = false

  func run() throws {
    try requireFile(model, "name the model that the check is about")
    try requireFile(data, "name the data with --data")
    let marks = PipelineTemplates.Marks(
      model: model, data: data, part: part.rawValue, suite: suite, threat: try threat())
    let files = [
      ("assay.yaml", PipelineTemplates.check(marks)),
      (".github/workflows/assay.yml", PipelineTemplates.gitHub),
      (".gitlab/assay.yml", PipelineTemplates.gitLab),
    ].map { (folder + "/" + $0.0, $0.1) }
    let existing = files.map(\.0).filter(FileManager.default.fileExists)
    guard existing.isEmpty || force else {
      throw UsageError(
        "\(existing.joined(separator: " and ")) exists already; --force replaces what is there")
    }
    for (path, text) in files {
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
      Output.line("Wrote \(path)")
    }
    Output.line("Next: assay baseline save assay-baseline.sqlite, then assay check.")
  }

  /// The middle radius of the suite's first norm: the one that the template's gate is about.
  private func threat() throws -> String {
    guard let first = try BuiltInSuites.suite(suite).threats.first else {
      throw UsageError("the suite \(suite) has no threat that a gate could be about")
    }
    let epsilon = first.epsilons[first.epsilons.count / 2]
    return "\(first.norm.rawValue)-\(epsilon)"
  }
}
