import Models
import Tensors

/// The fast gradient sign method: one steepest step of length ε.
///
///     x′ = Π(x + ε d(∇ₓ J(x))),   d = sign g for L∞, g / ‖g‖₂ for L2, the largest |gᵢ| for L1
///
/// - Shapes: inputs and result `[N] + encodedShape`.
/// - Source: Goodfellow et al. 2015, arXiv:1412.6572, section 4; other norms by the same linear
///   argument. Where the gradient is exactly zero there is no direction: the trace counts it.
struct FastGradientSignMethod: Attack {
  static let name = "fgsm"
  static let summary = "one steepest step of length epsilon"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable { case objective }

  var objective = Objective.crossEntropy

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal {
    var search = try GradientSearch(batch, under: threat, on: model, objective: objective)
    let point = try search.ascended(from: batch.inputs, by: threat.epsilon)
    return try search.finished(at: point)
  }
}
