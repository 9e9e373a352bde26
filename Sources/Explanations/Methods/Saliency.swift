import Models
import Programs
import Tensors

/// The gradient of the class's logit, with its sign; magnitudes are a matter of presentation.
///
///     a = ∂F/∂x
///
/// A slope, not a contribution: it does not sum to anything.
///
/// - Source: Simonyan et al. 2014, arXiv:1312.6034, section 3.
struct Saliency: AttributionMethod {
  static let name = "saliency"
  static let isContribution = false

  func attributions(
    _ request: AttributionRequest, on model: some DifferentiableClassifier
  ) throws -> AttributionBatch {
    let found = try model.gradient(
      of: .logit, classes: request.classTensor, at: request.inputs)
    return AttributionBatch(attributions: found.gradient, outputs: found.value.doubles)
  }
}

/// The gradient times the input.
///
///     a = x ⊙ ∂F/∂x
///
/// For a network of linear layers without bias and ReLU it sums to F(x), and equals LRP-ε,
/// integrated gradients and DeepLIFT from zero.
///
/// - Source: Shrikumar et al. 2016, arXiv:1605.01713, section 3.
struct InputTimesGradient: AttributionMethod {
  static let name = "input-x-gradient"

  func attributions(
    _ request: AttributionRequest, on model: some DifferentiableClassifier
  ) throws -> AttributionBatch {
    let found = try model.gradient(
      of: .logit, classes: request.classTensor, at: request.inputs)
    return AttributionBatch(
      attributions: request.inputs * found.gradient, outputs: found.value.doubles)
  }
}

/// The gradient where every ReLU lets only positive gradients of active units pass.
///
///     g ← g · 1[x > 0] · 1[g > 0] at each ReLU
///
/// Hardly depends on the parameters (it fails their randomisation): never sole evidence.
///
/// - Source: Springenberg et al. 2015, arXiv:1412.6806, section 3.4.
struct GuidedBackpropagation: AttributionMethod {
  static let name = "guided-backpropagation"
  static let isContribution = false
  static let rules = NamedRules(
    name, .gradient.replacing(.relu) { x, _, dy in [dy.relu() * x[0].step()] })

  func attributions(
    _ request: AttributionRequest, on model: some DifferentiableClassifier
  ) throws -> AttributionBatch {
    AttributionBatch(
      attributions: try model.gradient(
        of: .logit, classes: request.classTensor, at: request.inputs,
        rules: Self.rules.rules, named: Self.rules.name
      ).gradient)
  }
}

extension AttributionRequest {
  /// The classes as int64 `[N]`.
  var classTensor: Tensor { Tensor(classes.map(Int64.init)) }
}
