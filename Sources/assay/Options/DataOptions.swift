import ArgumentParser
import Datasets
import Foundation
import Models
import Statistics
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
  ///   - bound: The largest number of samples where the command line states none.
  /// - Returns: The data with the positions of the chosen samples.
  /// - Throws: `UsageError` if the samples are not the model's, or what reading throws.
  func load(
    for model: LoadedModel, allowsUnlabelled: Bool = false, atMost bound: Int? = nil
  ) throws -> ChosenData {
    let limit = limit ?? bound
    let options = readingOptions(for: model, allowsUnlabelled: allowsUnlabelled)
    if part == .all, let limit { return try spread(limit, options, model) }
    let dataset = try DatasetReader.read(data, options: options)
    var indices = Array(0..<dataset.count)
    var selection = "all \(dataset.count) samples"
    if part != .all {
      let split = try RecordedSplit(model.model)
      indices = try split.indices(of: part, in: dataset)
      selection = "\(part.rawValue) part, \(indices.count) of \(dataset.count) samples (\(split))"
    }
    if let limit, limit < indices.count {
      selection += ", of these \(limit) spread evenly"
      indices = EvenSpread.positions(limit, of: indices.count).map { indices[$0] }
    }
    return ChosenData(
      samples: try model.samples(dataset.subset(indices)), indices: indices, selection: selection)
  }

  /// How data are read for a model.
  func readingOptions(
    for model: LoadedModel, allowsUnlabelled: Bool = true
  ) -> DatasetOptions {
    DatasetOptions(
      schema: schema, allowsUnlabelled: allowsUnlabelled, heldInputs: model.heldInputs)
  }

  /// Some samples spread evenly over a file that need not fit into memory: it is read twice.
  private func spread(
    _ limit: Int, _ options: DatasetOptions, _ model: LoadedModel
  ) throws -> ChosenData {
    var count = 0
    try eachPiece(options) { count += $0.count }
    let indices = EvenSpread.positions(limit, of: count)
    var parts: [Dataset] = []
    var (start, next) = (0, 0)
    try eachPiece(options) { piece in
      var rows: [Int] = []
      while next < indices.count, indices[next] < start + piece.count {
        rows.append(indices[next] - start)
        next += 1
      }
      if !rows.isEmpty { parts.append(piece.subset(rows)) }
      start += piece.count
    }
    guard let samples = Dataset.concatenated(parts) else {
      throw UsageError("\(data) holds no samples")
    }
    let words = limit < count ? ", of these \(limit) spread evenly" : ""
    return ChosenData(
      samples: try model.samples(samples), indices: indices,
      selection: "all \(count) samples\(words)")
  }

  /// Reads the data a few thousand samples at a time.
  func eachPiece(
    _ options: DatasetOptions, _ body: (Dataset) throws -> Void
  ) throws {
    var pieces = try DatasetReader.pieces(data, rows: 4096, options: options)
    while let piece = try pieces.next() { try body(piece) }
  }
}

/// A part of a data set.
enum DataPart: String, ExpressibleByArgument, CaseIterable {
  case all, train, test
}

/// The samples that a command uses.
struct ChosenData {
  let samples: Dataset
  /// Their positions in the data set.
  let indices: [Int]
  /// The choice in words.
  let selection: String
}
