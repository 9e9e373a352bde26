import Attacks

/// What an attack can notice about one sample.
package enum AttackFlag {
  package static let zeroGradient = "zero gradient"
  package static let noRise = "no rise"
  package static let notFinite = "not finite"
  package static let stillRising = "still rising"
  package static let falseClaim = "claim not confirmed"
}

extension AttackTrace {
  /// What a reader of the finding should know.
  ///
  /// - Parameters:
  ///   - verdict: What the audit made of the attack's proposal.
  ///   - followsGradients: Whether the attack is one that takes steps uphill.
  /// - Returns: The flags, in a fixed order.
  func flags(of verdict: Verification, followsGradients: Bool) -> [String] {
    // A single zero on the way, at a dead unit or an extremum, does not stop an attack; the last
    // point of a search is looked at without a gradient, and does not count against the half.
    let isFlat = zeroGradients > 0 && 2 * zeroGradients >= points - 1
    let isUndefined = nonFinite > 0 || !verdict.logits.allSatisfy(\.isFinite)
    let isStuck =
      followsGradients && !verdict.isSuccess && !isFlat && !isUndefined
      && isRounding(rise, of: verdict.logits)
    return [
      isFlat ? AttackFlag.zeroGradient : nil,
      isStuck ? AttackFlag.noRise : nil,
      isUndefined ? AttackFlag.notFinite : nil,
      isConverged == false ? AttackFlag.stillRising : nil,
      claimsSuccess && !verdict.isSuccess ? AttackFlag.falseClaim : nil,
    ].compactMap(\.self)
  }

  /// Whether a rise is no more than float32 makes of logits that stay where they are.
  ///
  ///     rise ≤ 4 ulp(max |zᵢ|)
  ///
  /// A difference of two rounded logits is off by one unit in the last place of the larger, the
  /// difference of two such by two; as much again is left for the sums of a cross-entropy.
  private func isRounding(_ rise: Double?, of logits: [Double]) -> Bool {
    guard let rise else { return false }
    let largest = logits.map(abs).max() ?? 0
    return rise <= 4 * Double(Float(largest).ulp)
  }
}
