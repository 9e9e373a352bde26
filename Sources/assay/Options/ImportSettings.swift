public import ArgumentParser
import Foundation
public import Models
import Tensors

/// What a model of another tool leaves open.
struct ImportSettings: ParsableArguments {
  @Option(help: "The input that is audited, where a model of another tool has several.")
  var input: String?

  @Option(help: "The output that is audited, where a model of another tool has several.")
  var output: String?

  @Option(
    help: ArgumentHelp(
      "An archive with the values of other inputs, as arrays of their names.",
      valueName: "file.npz"))
  var fixed: String?

  @Option(
    help: """
      How a sample lies in the input of a model of another tool: automatic, channels-first, \
      channels-last, or unbatched (one sample is the whole input).
      """)
  var layout: ImportOptions.Arrangement = .automatic

  @Option(
    help: "Where outputs that form a sequence are taken from: first, last, mean, or a number.")
  var position: ImportOptions.Position?

  @Option(
    help: "Subtracted from inputs before a model of another tool: a number, or one a channel.")
  var mean: String?

  @Option(help: "What inputs are divided by after that: a number, or one a channel.")
  var deviation: String?

  @Option(help: "The names of the classes, separated by commas.") var classes: String?

  @Option(help: "What the output means where the file leaves it open: classification, regression.")
  var task: Model.Task?

  /// Everything that decides what is computed, for the identity of a run.
  var identity: [String] {
    [input, output, fixed, mean, deviation, classes].map { $0 ?? "" }
      + [layout.rawValue, task?.rawValue ?? "", position.map { "\($0)" } ?? ""]
  }

  /// Whether anything is stated.
  var isEmpty: Bool {
    layout == .automatic && task == nil && position == nil
      && [input, output, fixed, mean, deviation, classes].allSatisfy { $0 == nil }
  }

  /// The options of an import for these samples.
  ///
  /// - Throws: `UsageError` for what is no number, or what reading the archive throws.
  func options(
    for sample: InputSpecification, name: String, classNames: [String]
  ) throws -> ImportOptions {
    ImportOptions(
      sample: sample, name: name, input: input, output: output,
      fixedInputs: try fixed.map { try Self.arrays(in: $0) } ?? [:],
      classNames: classes.map { $0.split(separator: ",").map(String.init) } ?? classNames,
      task: task, arrangement: layout, position: position,
      scaling: try scaling(for: sample.audited))
  }

  /// The inputs that the archive of fixed values has; their values are left unread.
  func fixedNames() throws -> [String] {
    guard let fixed else { return [] }
    try Self.requireArchive(fixed)
    return try NumpyArchiveReader(path: fixed).names
  }

  private static func arrays(in path: String) throws -> [String: Tensor] {
    try requireArchive(path)
    return try NumpyArchive.read(path)
  }

  private static func requireArchive(_ path: String) throws {
    try requireFile(path, "--fixed takes an .npz archive")
  }

  private func scaling(for sample: InputSpecification) throws -> InputScaling? {
    guard mean != nil || deviation != nil else { return nil }
    let deviations = try Self.numbers(deviation ?? "1", "--deviation")
    guard !deviations.contains(0) else {
      throw UsageError("--deviation must not be 0: inputs are divided by it")
    }
    return try InputScaling(
      mean: try Self.numbers(mean ?? "0", "--mean"), deviation: deviations, of: sample)
  }

  private static func numbers(_ text: String, _ option: String) throws -> [Float] {
    let parts = text.split(separator: ",").map { Float($0) }
    let numbers = parts.compactMap(\.self)
    guard numbers.count == parts.count, !numbers.isEmpty else {
      throw UsageError("\(option) takes one number, or one a channel; got '\(text)'")
    }
    return numbers
  }
}

extension ImportOptions.Arrangement: ExpressibleByArgument {}
extension Model.Task: ExpressibleByArgument {}

extension ImportOptions.Position: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "first": self = .first
    case "last": self = .last
    case "mean": self = .mean
    default:
      guard let index = Int(argument), index >= 0 else { return nil }
      self = .index(index)
    }
  }
}
