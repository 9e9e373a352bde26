import Images
import Tensors

/// A clean input, its perturbation and what was changed, in this order.
///
/// The inputs share the valid range as their scale, the differences the scale that is given.
struct Triptych: Sendable {
  let clean: Image
  let perturbed: Image
  let difference: Image

  /// - Shapes: both tensors are of the input's shape, `[channels, height, width]`.
  init(clean: Tensor, perturbed: Tensor, _ input: InputSpecification, scale: HeatmapScale) {
    precondition(
      clean.shape == input.shape && perturbed.shape == input.shape,
      "expected two tensors of shape \(input.shape), got \(clean.shape) and \(perturbed.shape)")
    let factor = InputPicture.enlargement(of: input.shape)
    self.clean = InputPicture.image(of: clean, input).enlarged(by: factor)
    self.perturbed = InputPicture.image(of: perturbed, input).enlarged(by: factor)
    difference = Self.differences(clean, perturbed).image(scale, enlargedBy: factor)
  }

  /// What was changed, summed over the channels of each pixel; other inputs are one row.
  static func differences(_ clean: Tensor, _ perturbed: Tensor) -> Heatmap {
    let change = zip(perturbed.doubles, clean.doubles).map { $0 - $1 }
    guard clean.shape.rank == 3 else {
      return Heatmap(width: change.count, height: 1, values: change)
    }
    return InputPicture.map(of: Tensor(change, shape: clean.shape))
  }
}
