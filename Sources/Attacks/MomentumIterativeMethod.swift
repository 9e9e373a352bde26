import Models
import Tensors

/// The momentum iterative method: steps along a decaying sum of normalised gradients.
///
///     mᵏ⁺¹ = μ mᵏ + g / ‖g‖₁;   xᵏ⁺¹ = Π(xᵏ + α d(mᵏ⁺¹)),   α = ε / steps
///
/// - Shapes: inputs and result `[N] + encodedShape`.
/// - Source: Dong et al. 2018, arXiv:1710.06081, algorithm 1. A gradient of exactly zero adds
///   nothing, where a division by its length would not be a number.
struct MomentumIterativeMethod: Attack {
  static let name = "mi-fgsm"
  static let summary = "steps along a decaying sum of normalised gradients"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable {
    case steps
    case decay
    case stepSize = "step-size"
    case objective
  }

  /// The number of gradient steps; each costs one forward and one backward pass.
  var steps = 10
  /// The decay μ of the sum.
  var decay = 1.0
  /// The step length α in scaled units, in place of ε / steps.
  var stepSize: Double?
  var objective = Objective.crossEntropy

  func validate() throws {
    try require(steps > 0, "steps", "a positive number", got: steps)
    try require(decay >= 0, "decay", "a number that is not negative", got: decay)
    try require(stepSize ?? 1 > 0, "step-size", "a positive number", got: stepSize ?? 0)
  }

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal {
    let step = stepSize ?? threat.epsilon / Double(steps)
    var search = try GradientSearch(
      batch, under: threat, on: model, objective: objective, usesMomentum: true)
    var point = batch.inputs
    var momentum = Tensor(zeros: point.shape)
    for _ in 0..<steps where !search.isFinished {
      point = try search.ascended(from: point, by: step, momentum: &momentum, decay: decay)
    }
    return try search.finished(at: point)
  }
}
