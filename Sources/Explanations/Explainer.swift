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
  /// - Throws: `ExplanationError` if the method cannot explain this model or these samples.
  public static func explain(
    _ method: any AttributionMethod, _ request: AttributionRequest,
    _ model: some Classifier, threads: Int = 1
  ) throws -> Attribution {
    precondition(
      request.inputs.shape.sample == model.input.encodedShape,
      "expected inputs [N] + \(model.input.encodedShape), got \(request.inputs.shape)")
    try method.validate()
    try method.check(model.access)
    let method = method.resolved(for: model.input)
    let ranges = shares(of: request.count, on: model, threads: threads)
    let parts = try concurrentMap(count: ranges.count, threads: threads) { index in
      let part = request.rows(ranges[index])
      let batch = try method.attributions(part, through: model.access)
      return (
        batch, try batch.outputs ?? model.targetLogits(part.inputs, classes: part.classes)
      )
    }
    let attributions = Tensor.concatenated(parts.map(\.0.attributions)).clearingHeld(model.input)
    if let element = attributions.floats.firstIndex(where: { !$0.isFinite }) {
      throw ExplanationError.notFinite(
        method: type(of: method).name,
        sample: request.samples[element * request.count / attributions.count])
    }
    return Attribution(
      method: type(of: method).name, parameters: method.parameters,
      attributions: attributions,
      classes: request.classes, samples: request.samples, seed: request.seed,
      outputs: parts.flatMap(\.1), baseline: method.baselineName,
      completeness: parts.allSatisfy { $0.0.completeness != nil }
        ? parts.flatMap { $0.0.completeness ?? [] } : nil)
  }

  /// The samples that a worker takes at a time: at most a micro-batch, several shares a worker.
  ///
  /// Most methods turn one sample into many points, so that a share fills micro-batches by itself.
  static func shares(
    of count: Int, on model: some Classifier, threads: Int
  ) -> [Range<Int>] {
    let even = threads > 1 ? (count + 4 * threads - 1) / (4 * threads) : count
    let size = max(1, min(even, model.microBatch))
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }
}

extension Tensor {
  /// Attributions with 0 where inputs are held: nobody asks what these contribute.
  fileprivate func clearingHeld(_ input: InputSpecification) -> Tensor {
    let held = input.heldPositions
    guard !held.isEmpty else { return self }
    var result = self
    let size = shape.sample.count
    result.withUnsafeMutableScalars(of: Float.self) { values in
      for row in 0..<shape[0] {
        for position in held { values[row * size + position] = 0 }
      }
    }
    return result
  }
}
