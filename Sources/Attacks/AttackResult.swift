import Models
public import Tensors

/// What an attack did to samples, as it was verified.
///
/// Samples that the model gets wrong unperturbed count as fooled at distance 0.
public struct AttackResult: Sendable {
  /// The encoded samples, `[N] + encodedShape`, in the order in which they were given.
  public let perturbed: Tensor
  /// Whether the attacker's goal is reached at each sample.
  public let success: [Bool]
  /// How far each sample was moved, in scaled units.
  public let distances: [Double]
  /// How many samples were fooled before anything was changed.
  public let fooledBefore: Int
  /// What happened on the way, for each sample that was attacked.
  public let traces: [AttackTrace]

  /// The share of all samples that are right and withstood.
  public var robustAccuracy: Double {
    Double(success.count { !$0 }) / Double(max(success.count, 1))
  }
}

extension AttackRunner {
  /// Attacks the samples at which the goal is not reached yet, and verifies every proposal.
  ///
  /// - Parameters:
  ///   - attack: The attack.
  ///   - threat: The rules.
  ///   - samples: All samples; those that are fooled as they are stay so.
  ///   - report: Receives progress.
  /// - Returns: What became of every sample.
  /// - Throws: `AttackError` if the attack needs a gradient that the model does not have, or what
  ///   the model, the backend or the report throws.
  public func result(
    of attack: any Attack, under threat: ThreatModel, on samples: AttackSamples,
    report: Report? = nil
  ) throws -> AttackResult {
    try attack.check(model.access)
    let before = try model.predictions(samples.inputs).scalars(of: Int64.self)
    let classes = samples.classes.scalars(of: Int64.self)
    let pending = before.indices.filter { (before[$0] == classes[$0]) == (goal == .untargeted) }
    let attacked = samples.rows(pending)
    let outcomes =
      pending.isEmpty ? [] : try run(attack, under: threat, on: attacked, report: report)
    let verdicts = try Verification.verify(
      outcomes, of: attacked, goal: goal, under: threat, on: model)
    var perturbed = samples.inputs
    var success = [Bool](repeating: true, count: samples.count)
    var distances = [Double](repeating: 0, count: samples.count)
    for (row, verdict) in zip(pending, verdicts) {
      success[row] = verdict.isSuccess
      distances[row] = verdict.distance
      perturbed.setRows([row], to: verdict.perturbed.reshaped(to: perturbed.shape.batched(1)))
    }
    return AttackResult(
      perturbed: perturbed, success: success, distances: distances,
      fooledBefore: samples.count - pending.count, traces: outcomes.map(\.trace))
  }
}
