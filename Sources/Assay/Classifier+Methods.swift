public import Attacks
public import Datasets
public import Explanations
public import Models
import Tensors

extension Classifier {
  /// Attacks a data set's samples, away from their labels, and verifies what the attack proposes.
  ///
  /// - Parameters:
  ///   - data: Labelled samples.
  ///   - attack: The method, as `AttackRegistry` makes it.
  ///   - threat: How far it may go, and within which rules.
  ///   - seed: The seed of all random numbers.
  ///   - threads: The number of worker threads, on which no result depends.
  /// - Returns: The perturbed samples, and which of them the model gets wrong.
  /// - Throws: `ModelError` if the samples are not the model's; `AttackError` if the attack needs a
  ///   gradient that the model does not have; or what the model throws.
  public func attacked(
    on data: Dataset, by attack: any Attack, under threat: ThreatModel, seed: UInt64 = 0,
    threads: Int = 1
  ) throws -> AttackResult {
    let labels = try labels(of: data)
    let samples = AttackSamples(
      inputs: try encoded(data), classes: Tensor(labels.map(Int64.init)),
      ids: Array(labels.indices))
    return try AttackRunner(model: self, seed: seed, threads: threads)
      .result(of: attack, under: threat, on: samples)
  }

  /// Explains what a data set's samples are classified as.
  ///
  /// - Parameters:
  ///   - data: The samples.
  ///   - method: The method, as `AttributionRegistry` makes it.
  ///   - background: Training samples, for the baselines that need some.
  ///   - seed: The seed of all random numbers.
  ///   - threads: The number of worker threads, on which no result depends.
  /// - Returns: How much each element of each sample speaks for the predicted class.
  /// - Throws: `ModelError` if the samples are not the model's; `ExplanationError` if the method
  ///   does not suit them or the model.
  public func explained(
    on data: Dataset, by method: any AttributionMethod, background: Dataset? = nil,
    seed: UInt64 = 0, threads: Int = 1
  ) throws -> Attribution {
    let request = AttributionRequest(
      inputs: try encoded(data), classes: try predictions(on: data), seed: seed,
      background: try background.map(encoded))
    return try Explainer.explain(method, request, self, threads: threads)
  }
}
