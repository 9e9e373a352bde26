import ConfigurationFiles
public import Tensors

/// Training on inputs that an attack has changed to raise the loss.
///
/// - Source: Madry et al. 2018, arXiv:1706.06083, equation 2.1; TRADES: Zhang et al. 2019,
///   arXiv:1901.08573, equation 5.
public struct AdversarialTraining: Hashable, Sendable, Codable {
  public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
    /// The loss at the end of projected gradient ascent.
    case pgd
    /// The loss after one step from a random start (Wong, Rice and Kolter 2020, 2001.03994).
    case fgsm
    /// The clean loss plus β times the divergence KL(p(x) ‖ p(x')) that the attack raises.
    case trades
  }

  /// What ε is a multiple of, for each feature.
  public enum Scale: String, Hashable, Sendable, Codable, CaseIterable {
    /// The feature's own unit.
    case unit
    /// The width of the feature's valid range, or of the values in the training data.
    case range
    /// The feature's standard deviation in the training data.
    case std
  }

  public var method = Method.pgd
  public var norm = Norm.linf
  public var epsilon: Double
  public var epsilonScale = Scale.unit
  public var steps = 10
  /// The length of a step at the full ε; 2.5 ε / steps (at most 1.25 ε) where none is given.
  public var stepSize: Double?
  /// The weight of the divergence in TRADES.
  public var beta = 6.0
  /// Over how many epochs ε rises from 0: large ε from the start often teaches nothing.
  public var warmUpEpochs = 0.0
  /// The share of samples that stay as they are.
  public var cleanFraction = 0.0

  public init(
    method: Method = .pgd, norm: Norm = .linf, epsilon: Double, epsilonScale: Scale = .unit,
    steps: Int = 10, stepSize: Double? = nil, beta: Double = 6, warmUpEpochs: Double = 0,
    cleanFraction: Double = 0
  ) {
    self.method = method
    self.norm = norm
    self.epsilon = epsilon
    self.epsilonScale = epsilonScale
    self.steps = method == .fgsm ? 1 : steps
    self.stepSize = stepSize
    self.beta = beta
    self.warmUpEpochs = warmUpEpochs
    self.cleanFraction = cleanFraction
  }

  init(_ node: ConfigurationNode) throws {
    let keys = try node.mapping(keys: [
      "method", "norm", "epsilon", "epsilon-scale", "steps", "step-size", "beta",
      "warm-up-epochs", "clean-fraction",
    ])
    let method = try keys.choice("method", of: Method.self) ?? .pgd
    let norm = try keys.choice("norm", of: Norm.self) ?? .linf
    if norm == .l1, let place = keys["norm"] { throw place.expected("'linf' or 'l2'") }
    if method == .fgsm, let steps = keys["steps"], try steps.integer() != 1 {
      throw steps.expected("1, the only number of steps of 'fgsm'")
    }
    self.init(
      method: method, norm: norm, epsilon: try keys.required("epsilon").number(in: 0...),
      epsilonScale: try keys.choice("epsilon-scale", of: Scale.self) ?? .unit,
      steps: try keys.integer("steps", in: 1...) ?? 10,
      stepSize: try keys.number("step-size", in: 0...),
      beta: try keys.number("beta", in: 0...) ?? 6,
      warmUpEpochs: try keys.number("warm-up-epochs", in: 0...) ?? 0,
      cleanFraction: try keys.number("clean-fraction", in: 0...1) ?? 0)
  }

  /// ε after some epochs of training, of which there may be parts.
  public func epsilon(after epochs: Double) -> Double {
    warmUpEpochs > 0 ? epsilon * min(1, epochs / warmUpEpochs) : epsilon
  }

  /// The length of a step where ε has grown to the given value.
  func stepLength(at current: Double) -> Double {
    let full = stepSize ?? min(2.5 * epsilon / Double(steps), 1.25 * epsilon)
    return epsilon > 0 ? full * current / epsilon : 0
  }
}
