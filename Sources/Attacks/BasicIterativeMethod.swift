import Models
import Tensors

/// The basic iterative method: projected gradient descent that starts at the input itself.
///
/// - Source: Kurakin et al. 2017, arXiv:1607.02533, section 2.2.
struct BasicIterativeMethod: Attack {
  static let name = "bim"
  static let summary = "repeated steepest steps from the input itself"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable {
    case steps
    case relativeStep = "relative-step"
    case stepSize = "step-size"
    case objective
  }

  /// The number of gradient steps; each costs one forward and one backward pass.
  var steps = 20
  /// The step length α as a fraction of ε.
  var relativeStep = 0.1
  /// The step length α in scaled units, in place of the fraction.
  var stepSize: Double?
  var objective = Objective.crossEntropy

  /// The same method as projected gradient descent sees it.
  private var descent: ProjectedGradientDescent {
    var descent = ProjectedGradientDescent()
    descent.steps = steps
    descent.relativeStep = relativeStep
    descent.stepSize = stepSize
    descent.objective = objective
    descent.randomStart = false
    return descent
  }

  func validate() throws {
    try require(steps > 0, "steps", "a positive number", got: steps)
    try require(relativeStep > 0, "relative-step", "a positive number", got: relativeStep)
    try require(stepSize ?? 1 > 0, "step-size", "a positive number", got: stepSize ?? 0)
  }

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal {
    try descent.perturbed(batch, under: threat, on: model)
  }
}
