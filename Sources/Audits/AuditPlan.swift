public import Attacks
public import Explanations
public import Tensors

/// What an audit does, fixed before it starts.
public struct AuditPlan: Sendable {
  /// A norm with the radii that are tried.
  public struct Threat: Sendable {
    public var norm: Norm
    /// Ascending.
    public var epsilons: [Double]
    public var scale: ThreatModel.Scale
    /// What a changed category counts; nil where categories stay.
    public var categoryCost: Double?

    public init(
      norm: Norm, epsilons: [Double], scale: ThreatModel.Scale = .unit,
      categoryCost: Double? = 1
    ) {
      self.norm = norm
      self.epsilons = epsilons
      self.scale = scale
      self.categoryCost = categoryCost
    }
  }

  /// A method, and whether it is expected to be weak.
  public struct PlannedAttack: Sendable {
    public var attack: any Attack
    public var isControl: Bool

    public init(_ attack: any Attack, isControl: Bool) {
      self.attack = attack
      self.isControl = isControl
    }
  }

  public var suiteName: String
  public var suiteText: String
  public var threats: [Threat]
  /// Cheap ones first, controls last.
  public var attacks: [PlannedAttack]
  public var gates: [Gate]
  public var explanations: [any AttributionMethod]
  /// How many samples are explained.
  public var explainedSamples: Int
  /// How many samples the attack without limits is tried on; 0 leaves it out.
  public var probedSamples: Int
  public var threads: Int

  public init(
    suiteName: String, suiteText: String, threats: [Threat], attacks: [PlannedAttack],
    gates: [Gate], explanations: [any AttributionMethod], explainedSamples: Int = 12,
    probedSamples: Int = 50, threads: Int = 1
  ) {
    self.suiteName = suiteName
    self.suiteText = suiteText
    self.threats = threats
    self.attacks = attacks
    self.gates = gates
    self.explanations = explanations
    self.explainedSamples = explainedSamples
    self.probedSamples = probedSamples
    self.threads = threads
  }
}
