public import Attacks
public import Explanations
public import Tensors

/// What an audit does, fixed before it starts.
public struct AuditPlan: Sendable {
  /// A norm with the radii that are tried.
  public struct Threat: Sendable {
    public var norm: Norm
    /// Tried in ascending order.
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
  /// One a norm.
  public var threats: [Threat]
  /// Cheap ones first; controls run after all others, wherever they stand.
  public var attacks: [PlannedAttack]
  public var gates: [Gate]
  public var explanations: [any AttributionMethod]
  /// How many samples are explained.
  public var explainedSamples: Int
  /// How many samples the attack without limits is tried on; 0 leaves it out.
  public var probedSamples: Int
  /// What is measured besides.
  public var assessments = AssessmentPlan.none
  public var threads: Int
  /// How many samples are attacked together at most; nil: all.
  ///
  /// What a limit bounds is memory; no result depends on it.
  public var batchLimit: Int?
  /// What attacks may cost; nil: every attack is tried on every sample.
  ///
  /// With a budget the samples nearest to the model's decision boundary are attacked first.
  public var budget: AttackBudget?
  /// Known adversarial examples, which are tried before any attack.
  public var bank = AdversarialBank([])
  /// The samples that are explained, and the class whose logit; nil: chosen by the audit's rule.
  public var explainedTargets: [Int: Int]?
  /// The part of the audit that is run; nil: the whole.
  public var shard: AuditShard?

  public init(
    suiteName: String, suiteText: String, threats: [Threat], attacks: [PlannedAttack],
    gates: [Gate], explanations: [any AttributionMethod], explainedSamples: Int = 12,
    probedSamples: Int = 50, threads: Int = 1, batchLimit: Int? = nil
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
    self.batchLimit = batchLimit
  }
}

extension AuditPlan {
  /// Checks that figures can be told apart, one threat a norm, and that shards make a whole.
  ///
  /// - Throws: `AuditError` naming the first norm that is planned twice, or a budget that no shard
  ///   can keep.
  func check() throws {
    for (index, threat) in threats.enumerated()
    where threats[..<index].contains(where: { $0.norm == threat.norm }) {
      throw AuditError.repeatedNorm(threat.norm)
    }
    guard shard == nil || budget == nil else { throw AuditError.shardWithBudget }
  }

  /// The attacks in the order in which they run: controls see what all others have left.
  var orderedAttacks: [PlannedAttack] {
    attacks.filter { !$0.isControl } + attacks.filter(\.isControl)
  }

  /// The methods of explanation with the names of their findings: the registered name, and a
  /// number where a plan has a method twice, with other settings.
  var namedExplanations: [(name: String, method: any AttributionMethod)] {
    var counts: [String: Int] = [:]
    return explanations.map { method in
      let name = type(of: method).name
      counts[name, default: 0] += 1
      let count = counts[name, default: 1]
      return (count == 1 ? name : "\(name)-\(count)", method)
    }
  }
}
