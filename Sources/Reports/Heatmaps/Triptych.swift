import Audits
import Images
import Tensors

/// A clean input, its perturbation and what was changed, in this order.
///
/// The inputs share the valid range as their scale, the differences the scale that is given.
struct Triptych: Sendable {
  let clean: Image
  let perturbed: Image
  let difference: Image

  init(_ worst: WorstCases.Case, _ input: InputSpecification, scale: HeatmapScale) {
    let factor = InputPicture.enlargement(of: input.shape)
    clean = InputPicture.image(of: worst.prediction.input, input).enlarged(by: factor)
    perturbed = InputPicture.image(of: worst.perturbed, input).enlarged(by: factor)
    let change = zip(worst.perturbed.doubles, worst.prediction.input.doubles).map { $0 - $1 }
    difference = InputPicture.map(of: Tensor(change, shape: input.shape))
      .image(scale, enlargedBy: factor)
  }
}
