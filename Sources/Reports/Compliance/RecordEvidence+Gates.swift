import Audits

extension RecordEvidence {
  /// The failed gates that are about a kind of evidence; of the gates themselves: all that failed.
  func failedGates(about evidence: Evidence) -> [GateResult] {
    let failed = record.gates.filter { $0.verdict == .failed }
    guard evidence != .gates else { return failed }
    return failed.filter { gate in kinds(of: gate).contains { $0.evidence == evidence } }
  }

  /// What a gate was judged on.
  ///
  /// A verdict keeps its requirement in words, which begin with those of the measure, and the
  /// numbers of the measure: where no words fit, the measures with exactly these numbers are meant.
  private func kinds(of gate: GateResult) -> [Measure.Kind] {
    let named = Measure.Kind.allCases.filter { gate.requirement.hasPrefix($0.words + " ") }
    guard named.isEmpty, gate.value != nil else { return named }
    return record.measures.filter {
      $0.value == gate.value && $0.lower == gate.lower && $0.upper == gate.upper
    }.map(\.kind)
  }
}

extension Measure.Kind {
  /// The evidence that a measure is part of.
  fileprivate var evidence: Evidence {
    switch self {
    case .cleanAccuracy: .cleanAccuracy
    case .robustAccuracy, .attackAccuracy, .medianDistance: .attacks
    case .expectedCalibrationError, .brierScore: .calibration
    case .groupGap: .groups
    case .explanationQuality, .explanationStability: .explanationQuality
    }
  }
}
