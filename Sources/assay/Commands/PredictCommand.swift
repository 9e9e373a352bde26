import ArgumentParser
import Datasets
import Foundation
import Models
import Tensors

/// The command `assay predict`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Writes a model's logits for data.",
    discussion: """
      The output is an .npz archive with the array 'logits', a row per sample.

      Example:
        assay predict digits.safetensors --data digits.npz --out logits.npz
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions

  @Option(name: [.customShort("o"), .long], help: "The archive to write.")
  var out = "predictions.npz"

  @Flag(help: "Print a summary as JSON.")
  var json = false

  func run() throws {
    let loaded = try model.load(for: data)
    let model = loaded.model
    let classifier = try self.model.classifier(model)
    var parts: [Tensor] = []
    var labels: [Int]? = []
    func predict(_ samples: Dataset) throws {
      parts.append(
        try classifier.verifiedLogits(
          try model.checkedInputs(samples.inputs), threads: self.model.threads))
      labels = samples.labels == nil ? nil : labels.map { $0 + samples.classIndices }
    }
    if data.part == .all, data.limit == nil {
      // Only the logits are kept: the file need not fit into memory.
      let options = data.readingOptions(for: loaded)
      try data.eachPiece(options) { try predict(loaded.samples($0)) }
    } else {
      try predict(try data.load(for: loaded, allowsUnlabelled: true).samples)
    }
    guard !parts.isEmpty else { throw UsageError("\(data.data) holds no samples") }
    let logits = Tensor.concatenated(parts)
    try NumpyArchive.write([("logits", logits)], to: out)
    let summary = PredictionSummary(
      model: model, samples: logits.shape[0], logits: logits, labels: labels, output: out)
    if json { try Output.json(summary) } else { Output.line(summary.sentence) }
  }
}

/// What `assay predict` prints.
private struct PredictionSummary: Encodable {
  let model: String
  let samples: Int
  let output: String
  /// The fraction of samples whose largest logit is their label's; nil without labels.
  let accuracy: Double?

  init(model: Model, samples: Int, logits: Tensor, labels: [Int]?, output: String) {
    self.model = model.name
    self.samples = samples
    self.output = output
    accuracy = labels.flatMap { labels in
      guard model.task == .classification, !labels.isEmpty else { return nil }
      let predicted = logits.argMax().scalars(of: Int64.self).map(Int.init)
      return Double(zip(predicted, labels).count { $0 == $1 }) / Double(labels.count)
    }
  }

  var sentence: String {
    let score = accuracy.map { "; \(Output.percent($0)) are classified as labelled" } ?? ""
    return "Wrote the logits of \(samples) samples to \(output)\(score)."
  }
}

extension Model {
  /// Encoded inputs, after every raw value has been checked.
  ///
  /// - Throws: `UsageError` naming the first value that is not valid.
  func checkedInputs(_ raw: Tensor) throws -> Tensor {
    if let violation = input.firstViolation(in: raw) { throw UsageError("\(violation)") }
    return input.encoded(raw)
  }
}
