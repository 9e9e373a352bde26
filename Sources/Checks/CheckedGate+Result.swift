package import Audits

extension CheckedGate {
  /// The verdict as the ledger keeps it.
  package var result: GateResult {
    GateResult(
      requirement: requirement, verdict: verdict, value: value, lower: lower, upper: upper,
      threshold: threshold, isAtLeast: isAtLeast, reason: reason, kind: measure, norm: norm,
      epsilon: epsilon, group: measure == .groupGap ? group : "")
  }

  /// What an audit calls what is judged; nil for the agreement of two versions' explanations, which
  /// no audit of one version measures.
  private var measure: Measure.Kind? {
    switch RegressionGate.Kind(rawValue: kind) {
    case .cleanAccuracy: .cleanAccuracy
    case .robustAccuracy: .robustAccuracy
    case .medianDistance: .medianDistance
    case .calibrationError: .expectedCalibrationError
    case .groupGap: .groupGap
    case .explanationDrift, nil: nil
    }
  }
}
