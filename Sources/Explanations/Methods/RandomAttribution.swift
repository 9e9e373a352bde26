import Models
import Tensors

/// Numbers of the standard normal distribution: the control that every method must beat.
struct RandomAttribution: QueryAttributionMethod {
  static let name = "random"

  func attributions(
    _ request: AttributionRequest, on model: some Classifier
  ) throws -> AttributionBatch {
    let shape = request.inputs.shape
    let rows = request.samples.map { sample in
      var random = RandomStream(
        seed: request.seed, purpose: "random attribution", sample: sample)
      return random.normal([1] + shape.sample)
    }
    return AttributionBatch(attributions: Tensor.concatenated(rows))
  }
}
