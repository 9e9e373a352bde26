import Audits

extension RecordEvidence {
  /// The failed gates that are about a kind of evidence; of the gates themselves: all that failed.
  func failedGates(about evidence: Evidence) -> [GateResult] {
    let failed = record.gates.filter { $0.verdict == .failed }
    guard evidence != .gates else { return failed }
    return failed.filter { $0.kind?.evidence == evidence }
  }
}

extension Measure.Kind {
  /// The evidence that a measure is part of.
  fileprivate var evidence: Evidence {
    switch self {
    case .cleanAccuracy: .cleanAccuracy
    case .robustAccuracy, .attackAccuracy, .medianDistance: .attacks
    case .expectedCalibrationError, .brierScore: .calibration
    case .groupGap, .selectionRatio, .equalizedOdds: .groups
    case .explanationQuality, .explanationStability: .explanationQuality
    }
  }
}
