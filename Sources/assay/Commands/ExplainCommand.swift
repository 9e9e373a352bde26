import ArgumentParser
import Datasets
import Explanations
import Foundation
import Models
import Tensors

/// The command `assay explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Writes what speaks for a class, element by element.",
    discussion: """
      The output is an .npz archive: 'attributions' of the inputs' shape, 'target' the explained
      classes, and 'delta' the completeness errors (not a number where the method promises none).

      Methods: \(AttributionRegistry.names.joined(separator: ", ")).

      Example:
        assay explain digits.safetensors --data digits.npz --method integrated-gradients \\
          --target label --steps 50 --quadrature gauss-legendre --baseline zero
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions

  @Option(help: "The method.") var method = "integrated-gradients"
  @Option(help: "The class to explain: label, predicted, or a class number.")
  var target = "predicted"
  @OptionGroup var settings: ExplanationSettings
  @Option(
    help: """
      Data to take baselines from; with --part test, without it, up to 200 samples of the train part.
      """)
  var background: String?
  @Option(help: "The seed of all random numbers.") var seed: UInt64 = 0
  @Option(name: [.customShort("o"), .long], help: "The archive to write.") var out = "explained.npz"
  @Flag(help: "Print a summary as JSON.") var json = false

  func run() throws {
    let loaded = try model.load(for: data)
    let model = loaded.model
    let method = try AttributionRegistry.method(named: method, settings: settings.values)
    let classifier = try self.model.classifier(model)
    try method.check(classifier.access)
    let samples = try data.load(for: loaded, allowsUnlabelled: target != "label").samples
    let inputs = try model.checkedInputs(samples.inputs)
    let request = AttributionRequest(
      inputs: inputs, classes: try classes(samples, inputs, classifier), seed: seed,
      background: try backgroundSamples(loaded))
    let attribution = try Explainer.explain(
      method, request, classifier, threads: self.model.threads)
    let deltas = attribution.completeness?.map(\.error)
    try NumpyArchive.write(
      [
        ("attributions", model.input.attributionsPerFeature(attribution.attributions)),
        ("target", Tensor(attribution.classes.map(Int64.init))),
        ("delta", Tensor(deltas ?? Array(repeating: .nan, count: attribution.count))),
      ], to: out)
    let summary = ExplanationSummary(attribution, output: out)
    if json { try Output.json(summary) } else { Output.line(summary.sentence) }
  }

  private func classes(
    _ samples: Dataset, _ inputs: Tensor, _ classifier: any ModelClassifier
  ) throws -> [Int] {
    switch target {
    case "label":
      try classifier.model.checkLabels(samples)
      return samples.classIndices
    case "predicted":
      return try classifier.predictions(inputs).scalars(of: Int64.self).map(Int.init)
    default:
      guard let target = Int(target), classifier.classNames.indices.contains(target) else {
        throw UsageError(
          "--target takes label, predicted, or a class from 0 to "
            + "\(classifier.classNames.count - 1); got '\(target)'")
      }
      return Array(repeating: target, count: samples.count)
    }
  }

  private func backgroundSamples(_ model: LoadedModel) throws -> Tensor? {
    guard let background else {
      return try data.trainingPopulation(for: model)?.background(model.model.input)
    }
    let options = data.readingOptions(for: model)
    return try model.model.checkedInputs(
      model.samples(DatasetReader.read(background, options: options)).inputs)
  }
}

/// What `assay explain` prints.
private struct ExplanationSummary: Encodable {
  let method: String
  let samples: Int
  let baseline: String?
  /// How many samples met the completeness condition; nil where there is none.
  let converged: Int?
  let output: String

  init(_ attribution: Attribution, output: String) {
    method = attribution.method
    samples = attribution.count
    baseline = attribution.baseline
    converged = attribution.completeness.map { $0.count(where: \.isConverged) }
    self.output = output
  }

  var sentence: String {
    let check = converged.map { "; \($0) meet the completeness condition" } ?? ""
    return "Explained \(samples) samples by \(method)\(check). Wrote \(output)."
  }
}

extension InputSpecification {
  /// Encoded attributions per raw feature: those of a one-hot block are summed.
  ///
  /// - Shapes: `[N] + encodedShape` to `[N] + shape`.
  func attributionsPerFeature(_ encoded: Tensor) -> Tensor {
    guard !isEncodingIdentity else { return encoded }
    let values = encoded.doubles
    let width = encodedShape.count
    let sums = (0..<encoded.shape[0]).flatMap { row in
      encodedBlocks.map { block in
        Float(block.reduce(0.0) { $0 + values[row * width + $1] })
      }
    }
    return Tensor(sums, shape: [encoded.shape[0]] + shape)
  }
}
