import ArgumentParser
import Datasets
import Foundation
import Models
import Tensors

/// The data that a command works on.
struct DataOptions: ParsableArguments {
  @Option(help: "The data: .npz, CSV, ARFF, IDX, .ts, or a folder of PNG images by class.")
  var data: String

  @Option(help: "The schema of the data; without it, the file's name with .yaml is looked for.")
  var schema: String?

  @Option(
    help: ArgumentHelp(
      "Which part of the data: all, or train or test as the model's training cut them.",
      valueName: "part"))
  var part: DataPart = .all

  @Option(help: "Use at most this many samples, spread evenly over the part.")
  var limit: Int?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
  }

  /// Reads the data and chooses the samples.
  ///
  /// - Parameters:
  ///   - model: The model whose training says how the data were cut.
  ///   - allowsUnlabelled: Whether samples may come without labels.
  /// - Returns: The data with the positions of the chosen samples.
  /// - Throws: `UsageError` if the samples are not the model's, or what reading throws.
  func load(for model: Model, allowsUnlabelled: Bool = false) throws -> ChosenData {
    let options = DatasetOptions(schema: schema, allowsUnlabelled: allowsUnlabelled)
    let dataset = try DatasetReader.read(data, options: options)
    guard dataset.input.shape == model.input.shape else {
      throw UsageError(
        "\(data) holds samples of shape \(dataset.input.shape), but \(model.name) takes "
          + "\(model.input.shape)")
    }
    var indices = Array(0..<dataset.count)
    var selection = "all \(dataset.count) samples"
    if part != .all {
      let split = try RecordedSplit(model)
      indices = try split.indices(of: part, in: dataset)
      selection = "\(part.rawValue) part, \(indices.count) of \(dataset.count) samples (\(split))"
    }
    if let limit, limit < indices.count {
      selection += ", of these \(limit) spread evenly"
      indices = (0..<limit).map { indices[$0 * indices.count / limit] }
    }
    return ChosenData(dataset: dataset, indices: indices, selection: selection)
  }
}

/// A part of a data set.
enum DataPart: String, ExpressibleByArgument, CaseIterable {
  case all, train, test
}

/// A data set, and which of its samples a command uses.
struct ChosenData {
  let dataset: Dataset
  /// The samples' positions in the data set.
  let indices: [Int]
  /// The choice in words.
  let selection: String

  /// The chosen samples.
  var samples: Dataset { dataset.subset(indices) }
}
