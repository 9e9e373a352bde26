public import Models
public import Tensors

/// What the model answers for one unperturbed sample.
public struct PredictionFinding: Codable, Hashable, Sendable {
  /// The sample's index in the data set.
  public var sample: Int
  /// The sample's name: a file, a row number.
  public var name: String
  public var label: Int
  public var predicted: Int
  /// The softmax of the logits.
  public var probabilities: [Float]
  /// The raw input.
  public var input: Tensor
  /// The sample's groups: protected attribute and value.
  public var groups: [NamedValue]

  public var isCorrect: Bool { label == predicted }

  public init(
    sample: Int, name: String, label: Int, predicted: Int, probabilities: [Float],
    input: Tensor, groups: [NamedValue] = []
  ) {
    self.sample = sample
    self.name = name
    self.label = label
    self.predicted = predicted
    self.probabilities = probabilities
    self.input = input
    self.groups = groups
  }
}

/// An attack of the plan: a method with its parameters against one norm, at several ε.
public struct AttackDescription: Codable, Hashable, Sendable {
  /// "pgd/linf": unique within a run, the key of its findings.
  public var id: String
  /// The method's registered name.
  public var method: String
  public var norm: Norm
  /// Ascending.
  public var epsilons: [Double]
  /// What ε is measured in: "input units", "feature ranges".
  public var scale: String
  public var goal: String
  /// The method's parameters, in order.
  public var parameters: [NamedValue]
  /// Whether the method sees gradients; a control does not.
  public var isWhiteBox: Bool
  /// Whether the attack is a control: it is expected to be weak.
  public var isControl: Bool
  public var samplesAttacked: Int
  public var forwardPasses: Int
  public var backwardPasses: Int

  public init(
    id: String, method: String, norm: Norm, epsilons: [Double], scale: String, goal: String,
    parameters: [NamedValue], isWhiteBox: Bool, isControl: Bool, samplesAttacked: Int = 0,
    forwardPasses: Int = 0, backwardPasses: Int = 0
  ) {
    self.id = id
    self.method = method
    self.norm = norm
    self.epsilons = epsilons
    self.scale = scale
    self.goal = goal
    self.parameters = parameters
    self.isWhiteBox = isWhiteBox
    self.isControl = isControl
    self.samplesAttacked = samplesAttacked
    self.forwardPasses = forwardPasses
    self.backwardPasses = backwardPasses
  }
}

/// What became of one sample under one attack at one ε, as the audit verified it.
public struct AttackFinding: Codable, Hashable, Sendable {
  /// How it ended.
  public enum Outcome: String, Codable, Hashable, Sendable {
    /// The verified perturbed input is classified as the attacker wants.
    case broken
    /// The attack found nothing.
    case survived
    /// The attack's proposal broke a constraint; the sample counts as not broken.
    case rejected
  }

  public var sample: Int
  /// The id of an `AttackDescription`.
  public var attack: String
  public var epsilon: Double
  public var outcome: Outcome
  /// The distance of the perturbed from the clean input, in the norm and scale of the attack.
  public var distance: Double
  /// The class of the perturbed input.
  public var predicted: Int
  /// The softmax of the perturbed input's logits; all 0 where a logit is not a finite number.
  public var probabilities: [Float]
  /// The verified perturbed raw input; nil unless the sample was broken.
  public var perturbed: Tensor?
  /// What the attack noticed: "zero gradient", "not finite", "still rising".
  public var flags: [String]
  /// Why a proposal was rejected.
  public var rejection: String?
  /// The passes through the model that the attack needed for this sample.
  public var passes: PassCount

  public init(
    sample: Int, attack: String, epsilon: Double, outcome: Outcome, distance: Double,
    predicted: Int, probabilities: [Float], perturbed: Tensor? = nil, flags: [String] = [],
    rejection: String? = nil, passes: PassCount = PassCount()
  ) {
    self.sample = sample
    self.attack = attack
    self.epsilon = epsilon
    self.outcome = outcome
    self.distance = distance
    self.predicted = predicted
    self.probabilities = probabilities
    self.perturbed = perturbed
    self.flags = flags
    self.rejection = rejection
    self.passes = passes
  }
}

/// The explanation of one sample by one method.
public struct ExplanationFinding: Codable, Hashable, Sendable {
  public var sample: Int
  /// The method's registered name; with a number where a plan has it twice.
  public var method: String
  public var parameters: [NamedValue]
  /// The class whose logit was explained.
  public var target: Int
  /// What the attributions are measured from; nil for gradients.
  public var baseline: String?
  /// Per raw feature of a table, per element elsewhere: the shape of the raw input.
  public var attributions: Tensor
  /// Σ attributions − (F(x) − F(x′)); nil where the method promises no completeness.
  public var completenessError: Double?
  /// F(x) − F(x′), beside which the completeness error is judged.
  public var outputDifference: Double?
  public var steps: Int?
  /// False when the completeness error was still too large at the largest number of steps.
  public var isConverged: Bool
  public var quality: [QualityMeasure]
  /// The attributions of the same target at the sample's worst verified perturbation.
  public var attackedAttributions: Tensor?
  /// How far the explanation moved under that attack, in [−1, 1]: Spearman's ρ; nil: undefined.
  public var rankCorrelationUnderAttack: Double?

  public init(
    sample: Int, method: String, parameters: [NamedValue], target: Int, baseline: String?,
    attributions: Tensor, completenessError: Double?, outputDifference: Double?, steps: Int?,
    isConverged: Bool, quality: [QualityMeasure] = [], attackedAttributions: Tensor? = nil,
    rankCorrelationUnderAttack: Double? = nil
  ) {
    self.sample = sample
    self.method = method
    self.parameters = parameters
    self.target = target
    self.baseline = baseline
    self.attributions = attributions
    self.completenessError = completenessError
    self.outputDifference = outputDifference
    self.steps = steps
    self.isConverged = isConverged
    self.quality = quality
    self.attackedAttributions = attackedAttributions
    self.rankCorrelationUnderAttack = rankCorrelationUnderAttack
  }
}

/// One quality figure of an explanation beside the same figure of its controls.
public struct QualityMeasure: Codable, Hashable, Sendable {
  /// "deletion", "insertion".
  public var name: String
  /// The area under the curve.
  public var value: Double
  /// The same for a random attribution.
  public var random: Double
  /// The same for the attribution of the model with randomised weights.
  public var randomizedModel: Double
  /// The curves: the fraction of the input changed, and the target's probability there.
  public var fractions: [Double]
  public var curve: [Double]
  public var randomCurve: [Double]
  public var randomizedModelCurve: [Double]

  public init(
    name: String, value: Double, random: Double, randomizedModel: Double, fractions: [Double],
    curve: [Double], randomCurve: [Double], randomizedModelCurve: [Double]
  ) {
    self.name = name
    self.value = value
    self.random = random
    self.randomizedModel = randomizedModel
    self.fractions = fractions
    self.curve = curve
    self.randomCurve = randomCurve
    self.randomizedModelCurve = randomizedModelCurve
  }
}
