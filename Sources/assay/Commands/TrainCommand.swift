import ArgumentParser
import Datasets
import Foundation
import Models
import NativeBackend
import Tensors

/// The command `assay train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains the network that a configuration describes.",
    discussion: """
      A training that was interrupted goes on from its last checkpoint when the same command is given
      again, and ends with the same weights. Paths in the configuration are relative to its folder;
      the model is written to the current folder unless --output says otherwise.

      Example:
        assay train fixtures/demo/digits.yaml --output digits.safetensors
      """)

  @Argument(help: "The configuration: a YAML file.") var configuration: String
  @Option(name: .shortAndLong, help: "The model file to write; by default the configuration's.")
  var output: String?
  @Option(help: "The number of worker threads; weights do not depend on it.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount
  @Flag(help: "Forget an interrupted training and begin anew.") var restart = false
  @Flag(help: "Print a summary as JSON.") var json = false

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads must be at least 1") }
  }

  func run() throws {
    let job = try TrainingJob(configuration, output: output, threads: threads)
    if restart { try job.forget() }
    let summary = try job.run()
    if json { try Output.json(summary) } else { Output.line(summary.sentence) }
  }
}

/// A training with its files.
private struct TrainingJob {
  private let configuration: TrainingConfiguration
  private let dataset: Dataset
  private let split: RecordedSplit
  private let parts: DatasetSplit
  private let output: String
  private let threads: Int

  init(_ path: String, output: String?, threads: Int) throws {
    var (configuration, files) = try TrainingConfiguration.read(path)
    let folder = URL(filePath: path).deletingLastPathComponent()
    func resolved(_ name: String) -> String {
      name.hasPrefix("/") ? name : folder.appending(path: name).path
    }
    configuration.initialFile = configuration.initialFile.map(resolved)
    dataset = try DatasetReader.read(
      resolved(files.data), options: DatasetOptions(schema: files.schema.map(resolved)))
    split = RecordedSplit(
      data: dataset.source, sha256: try dataset.files.map(FileHash.sha256(ofFile:)),
      testFraction: files.testFraction, seed: configuration.seed)
    parts = try dataset.split(test: files.testFraction, seed: configuration.seed)
    self.configuration = configuration
    self.output = output ?? files.output ?? "\(configuration.name).safetensors"
    self.threads = threads
  }

  private var checkpoint: String { output + ".checkpoint" }

  func forget() throws {
    guard FileManager.default.fileExists(atPath: checkpoint) else { return }
    try FileManager.default.removeItem(atPath: checkpoint)
  }

  func run() throws -> TrainingSummary {
    try requireWritable(output)
    let backend = NativeBackend()
    let trainer = try Trainer(
      configuration, data: try data(parts.train), input: dataset.input,
      classNames: dataset.classNames, on: backend, threads: threads)
    let progress = Progress(configuration.name)
    let start = Date()
    var model = try trainer.train(
      checkpoint: checkpoint, dataName: dataset.source,
      versions: ["Assay": ToolVersion.current, "backend": backend.description]
    ) { report in
      progress.update(report.fraction, report.detail)
    }
    progress.finish("Trained \(configuration.name).")
    model.trainingRecord = try split.added(to: model.trainingRecord)
    try ModelFile.save(model, to: output)
    try forget()
    return TrainingSummary(
      model: configuration.name, output: output,
      seconds: Date().timeIntervalSince(start), trainingSamples: parts.train.count,
      testSamples: parts.test.count, testAccuracy: try accuracy(of: model, on: backend))
  }

  private func data(_ part: Dataset) throws -> TrainingData {
    guard let targets = part.labels ?? part.targets else {
      throw UsageError("\(dataset.source) has no labels to train on")
    }
    return try TrainingData(inputs: part.inputs, targets: targets, input: dataset.input)
  }

  /// The fraction of the test part that is classified as labelled; nil where there is none.
  private func accuracy(of model: Model, on backend: NativeBackend) throws -> Double? {
    guard model.task == .classification, parts.test.count > 0 else { return nil }
    let classifier = try ProgramClassifier(model, on: backend)
    let predicted = try classifier.predictions(try model.checkedInputs(parts.test.inputs))
    let labels = parts.test.classIndices
    let right = zip(predicted.scalars(of: Int64.self), labels).count { Int($0) == $1 }
    return Double(right) / Double(labels.count)
  }
}

extension TrainingProgress {
  fileprivate var fraction: Double {
    (Double(epoch - 1) + Double(step) / Double(max(steps, 1))) / Double(max(epochs, 1))
  }

  fileprivate var detail: String {
    let score = accuracy.map { ", accuracy \(Output.percent($0))" } ?? ""
    return "epoch \(epoch)/\(epochs), loss \(Output.number(loss))\(score)"
  }
}

/// What `assay train` prints.
private struct TrainingSummary: Encodable {
  let model: String
  let output: String
  let seconds: Double
  let trainingSamples: Int
  let testSamples: Int
  let testAccuracy: Double?

  var sentence: String {
    let score = testAccuracy.map {
      "; \(Output.percent($0)) of \(testSamples) test samples are right"
    }
    return "Trained \(model) on \(trainingSamples) samples in \(Progress.duration(seconds))"
      + "\(score ?? ""). Wrote \(output)."
  }
}
