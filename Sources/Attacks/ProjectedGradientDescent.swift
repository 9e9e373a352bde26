import Models
import Tensors

/// Projected gradient descent: repeated steepest steps of length α, each followed by projection.
///
///     x⁰ ~ U(B(x, ε));   xᵏ⁺¹ = Π(xᵏ + α d(∇ₓ J(xᵏ)))
///
/// - Shapes: inputs and result `[N] + encodedShape`.
/// - Source: Madry et al. 2018, arXiv:1706.06083, equation 2.
struct ProjectedGradientDescent: Attack {
  static let name = "pgd"
  static let summary = "repeated steepest steps from a random start"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable {
    case steps
    case relativeStep = "relative-step"
    case stepSize = "step-size"
    case randomStart = "random-start"
    case restarts, objective
  }

  /// The number of gradient steps; each costs one forward and one backward pass.
  var steps = 40
  /// The step length α as a fraction of ε.
  var relativeStep = 0.1
  /// The step length α in scaled units, in place of the fraction.
  var stepSize: Double?
  /// Whether each restart begins at a random point of the ball rather than at the input.
  var randomStart = true
  var restarts = 1
  var objective = Objective.crossEntropy

  func validate() throws {
    try require(steps > 0, "steps", "a positive number", got: steps)
    try require(relativeStep > 0, "relative-step", "a positive number", got: relativeStep)
    try require(stepSize ?? 1 > 0, "step-size", "a positive number", got: stepSize ?? 0)
    try require(restarts > 0, "restarts", "a positive number", got: restarts)
    try require(
      restarts == 1 || randomStart, "restarts", "1 without a random start: all would be alike",
      got: restarts)
  }

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal {
    let step = stepSize ?? relativeStep * threat.epsilon
    var search = try GradientSearch(batch, under: threat, on: model, objective: objective)
    var point =
      randomStart
      ? threat.sample(around: batch.inputs, using: batch.random(for: Self.name)) : batch.inputs
    for _ in 0..<steps where !search.isFinished {
      point = try search.ascended(from: point, by: step)
    }
    return try search.finished(at: point)
  }
}
