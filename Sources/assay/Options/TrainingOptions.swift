import ArgumentParser
import Assessments
import Datasets
import Statistics
import Tensors

/// The data that a model was trained on, as far as the command line tells.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The data that the model was trained on, for drift, leakage and reference populations; with \
      --part test they are known.
      """, valueName: "data"))
  var training: String?

  /// The training samples; nil where nobody says which they are.
  ///
  /// - Throws: `UsageError` if they are not the model's, or what reading throws.
  func load(for model: LoadedModel, beside data: DataOptions) throws -> TrainingPopulation? {
    guard let training else { return try data.trainingPopulation(for: model) }
    var options = data
    options.data = training
    options.part = .all
    options.limit = nil
    return TrainingPopulation(try options.load(for: model, atMost: TrainingPopulation.largestCount))
  }
}

/// The samples that a model was trained on.
struct TrainingPopulation {
  /// More are not looked at: what is drawn from them does not gain.
  static let largestCount = 50_000

  private let chosen: ChosenData

  fileprivate init(_ chosen: ChosenData) { self.chosen = chosen }

  var labelled: LabelledSamples {
    LabelledSamples(
      inputs: chosen.samples.inputs, labels: chosen.samples.classIndices, samples: chosen.indices)
  }

  /// What baselines are taken from: at most 200 encoded samples, spread evenly.
  func background(_ input: InputSpecification) -> Tensor {
    let rows = EvenSpread.positions(200, of: chosen.indices.count)
    return input.encoded(chosen.samples.inputs.rows(rows))
  }
}

extension DataOptions {
  /// The samples of the train part.
  ///
  /// Nil unless the test part was chosen: of other data nobody knows what the model was trained on.
  func trainingPopulation(for model: LoadedModel) throws -> TrainingPopulation? {
    guard part == .test else { return nil }
    var options = self
    options.part = .train
    options.limit = nil
    return TrainingPopulation(try options.load(for: model, atMost: TrainingPopulation.largestCount))
  }
}
