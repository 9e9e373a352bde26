public import Models

/// Attacks through as much access as there is.
extension Attack {
  public static var needsGradient: Bool { true }

  public func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, through access: ClassifierAccess
  ) throws -> AttackProposal {
    switch access {
    case .gradients(let model): return try perturbed(batch, under: threat, on: model)
    case .queries(_, let reason): throw Self.needsGradient(reason)
    }
  }

  /// Says before any work is done that a classifier gives too little for the attack.
  ///
  /// - Throws: `AttackError.needsGradient`.
  public func check(_ access: ClassifierAccess) throws {
    guard Self.needsGradient, case .queries(_, let reason) = access else { return }
    throw Self.needsGradient(reason)
  }

  private static func needsGradient(_ reason: String) -> AttackError {
    .needsGradient(
      attack: name, reason: reason, alternatives: AttackRegistry.namesWithoutGradient)
  }
}

extension BlackBoxAttack {
  public static var needsGradient: Bool { false }

  public func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, through access: ClassifierAccess
  ) throws -> AttackProposal {
    try perturbed(batch, under: threat, querying: access.classifier)
  }
}
