import Execution
public import Models
import Tensors

/// Runs a method over samples and records what it found.
public enum Explainer {
  /// Explains samples, a micro-batch at a time on each worker.
  ///
  /// The result depends neither on the number of threads nor on which samples are asked for
  /// together.
  ///
  /// - Throws: `ExplanationError` if the method cannot explain these samples.
  public static func explain(
    _ method: any AttributionMethod, _ request: AttributionRequest,
    _ model: some DifferentiableClassifier, threads: Int = 1
  ) throws -> Attribution {
    try method.validate()
    let method = method.resolved(for: model.input)
    let starts = Array(stride(from: 0, to: request.count, by: model.microBatch))
    let parts = try concurrentMap(count: starts.count, threads: threads) { index in
      let end = min(starts[index] + model.microBatch, request.count)
      let part = request.rows(starts[index]..<end)
      let outputs = try model.targetLogits(part.inputs, classes: part.classes)
      return (try method.attributions(part, on: model), outputs)
    }
    return Attribution(
      method: type(of: method).name, parameters: method.parameters,
      attributions: Tensor.concatenated(parts.map(\.0.attributions)),
      classes: request.classes, samples: request.samples, seed: request.seed,
      outputs: parts.flatMap(\.1), baseline: method.baselineName,
      completeness: parts.allSatisfy { $0.0.completeness != nil }
        ? parts.flatMap { $0.0.completeness ?? [] } : nil)
  }
}
