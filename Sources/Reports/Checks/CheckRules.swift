import Audits
import Checks

/// The rules of a check's SARIF log: one a kind of gate, one a soundness warning, one for samples.
struct CheckRules: Sendable {
  let all: [SARIFLog.Rule]

  static let newlyBroken = "newly-broken"

  static func id(_ gate: CheckedGate) -> String { "gate/\(name(gate.kind))" }
  static func id(_ warning: SoundnessWarning) -> String { "soundness/\(warning.name)" }

  /// The rules of what the check states and found, in its order.
  init(_ check: CheckRecord) {
    var rules: [SARIFLog.Rule] = []
    func add(_ rule: SARIFLog.Rule) {
      if !rules.contains(where: { $0.id == rule.id }) { rules.append(rule) }
    }
    for gate in check.gates { add(Self.rule(gate)) }
    for warning in check.warnings { add(Self.rule(warning)) }
    add(Self.newlyBrokenRule)
    all = rules
  }

  /// - Precondition: a gate or a warning of the check has this rule.
  func index(of id: String) -> Int {
    guard let index = all.firstIndex(where: { $0.id == id }) else {
      preconditionFailure("expected one of \(all.map(\.id)), got \(id)")
    }
    return index
  }

  private static func rule(_ gate: CheckedGate) -> SARIFLog.Rule {
    let name = name(gate.kind)
    let words = name.replacing("-", with: " ")
    return SARIFLog.Rule(
      id: id(gate), shortDescription: SARIFLog.Text("A gate on \(words) does not hold"),
      fullDescription: SARIFLog.Text(meanings[name] ?? "A requirement on \(words) is not met."),
      help: SARIFLog.Text(
        "See what changed between the baseline and the candidate. If the candidate is to be "
          + "accepted all the same, change the gate in the configuration or audit a new baseline. "
          + "An inconclusive gate wants more samples or a larger budget."),
      defaultConfiguration: .init(level: .error))
  }

  private static func rule(_ warning: SoundnessWarning) -> SARIFLog.Rule {
    // What was seen has numbers of this run and belongs to the result.
    SARIFLog.Rule(
      id: id(warning),
      shortDescription: SARIFLog.Text(
        "Soundness of the figures: \(warning.name.replacing("-", with: " "))"),
      fullDescription: SARIFLog.Text(stated(warning.explanation)),
      help: SARIFLog.Text(stated(warning.suggestion)),
      defaultConfiguration: .init(level: .warning))
  }

  private static let newlyBrokenRule = SARIFLog.Rule(
    id: newlyBroken, shortDescription: SARIFLog.Text("A sample is newly broken"),
    fullDescription: SARIFLog.Text(
      "A known adversarial example, found against another model, does not fool the baseline and "
        + "fools the candidate."),
    help: SARIFLog.Text(
      "Look at the sample, and at what the candidate was trained on. Many of them say that "
        + "robustness was lost; gates on robust accuracy decide how much may be."),
    defaultConfiguration: .init(level: .note))

  /// A message may not be empty.
  private static func stated(_ text: String) -> String { text.isEmpty ? "Not stated." : text }

  /// A kind as configurations write it: "robust-accuracy".
  private static func name(_ kind: String) -> String { kind.replacing("_", with: "-") }

  private static let meanings = [
    "clean-accuracy": "The share of unperturbed samples that are classified correctly.",
    "robust-accuracy":
      "The share of samples that are classified correctly and that no attack within the radius "
      + "breaks.",
    "median-distance":
      "The median over correctly classified samples of the smallest change that breaks them.",
    "calibration-error": "The mean gap between stated confidence and accuracy over ten bins.",
    "group-gap":
      "The largest difference in accuracy between the values of a protected attribute.",
    "explanation-drift":
      "How much the candidate's explanations agree with the baseline's on the same samples.",
  ]
}
