package import Audits

extension CheckedGate {
  /// The verdict as the ledger keeps it.
  package var result: GateResult {
    GateResult(
      requirement: requirement, verdict: verdict, value: value, lower: lower, upper: upper,
      threshold: threshold, isAtLeast: isAtLeast, reason: reason)
  }
}
