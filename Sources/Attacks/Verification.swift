public import Models
public import Tensors

/// The audit's judgement of a proposed perturbation: nothing that the attack says is taken over.
public struct Verification: Sendable, Hashable {
  /// What the sample is called in the data set.
  public let sample: Int
  /// The proposal made a valid input: projected onto the rules, whole where it has to be.
  public let perturbed: Tensor
  /// The model's answer to it.
  public let logits: [Double]
  public let prediction: Int
  /// The distance from the clean input in scaled units, in double precision.
  public let distance: Double
  /// The rule that even the finalized point breaks; nil as a rule.
  public let violation: ConstraintViolation?
  /// The rule that the proposal broke before it was finalized: an attack that does not keep them.
  public let proposalViolation: ConstraintViolation?
  /// Whether the point is valid and the model reaches the attacker's goal on it.
  public let isSuccess: Bool
  /// Whether the attack claimed otherwise.
  public let contradictsClaim: Bool

  /// Projects each proposal, checks it, asks the model again and decides.
  ///
  /// - Parameters:
  ///   - outcomes: The proposals.
  ///   - samples: The clean samples, in the same order.
  ///   - goal: What the attack was after.
  ///   - threat: The rules.
  ///   - model: The model under attack.
  /// - Returns: A judgement per outcome, in their order.
  /// - Throws: what the model throws.
  public static func verify(
    _ outcomes: [AttackOutcome], of samples: AttackSamples, goal: Goal = .untargeted,
    under threat: ThreatModel, on model: any Classifier
  ) throws -> [Verification] {
    precondition(
      outcomes.map(\.sample) == samples.ids, "expected an outcome per sample, in their order")
    guard !outcomes.isEmpty else { return [] }
    let clean = samples.inputs
    let proposed = Tensor.concatenated(
      outcomes.map { $0.perturbed.reshaped(to: clean.shape.batched(1)) })
    let valid = threat.finalized(proposed, around: clean)
    let logits = try model.verifiedLogits(valid, threads: 1)
    let predictions = logits.argMax().scalars(of: Int64.self)
    let distances = try threat.distances(valid, from: clean)
    let violations = try threat.permits(valid, around: clean)
    let proposalViolations = try threat.permits(proposed, around: clean)
    let classes = samples.classes.scalars(of: Int64.self)
    return outcomes.indices.map { row in
      let answer = logits.row(row).doubles
      let isReached = (predictions[row] == classes[row]) == (goal == .targeted)
      let isSuccess =
        isReached && violations[row] == nil && !answer.contains(where: \.isNaN)
      return Verification(
        sample: outcomes[row].sample, perturbed: valid.row(row), logits: answer,
        prediction: Int(predictions[row]), distance: distances[row], violation: violations[row],
        proposalViolation: proposalViolations[row], isSuccess: isSuccess,
        contradictsClaim: outcomes[row].trace.claimsSuccess != isSuccess)
    }
  }
}
