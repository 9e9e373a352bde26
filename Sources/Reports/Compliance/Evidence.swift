/// A kind of evidence that clauses ask for: a measurement, or something that people write.
///
/// The words of each are `evidence.M1` and so on in `words.json`.
public enum Evidence: String, Codable, Hashable, Sendable, CaseIterable {
  case cleanAccuracy = "M1"
  case calibration = "M2"
  case groups = "M3"
  case corruption = "M4"
  case attacks = "M5"
  case certifiedBound = "M6"
  case explanations = "M7"
  case explanationQuality = "M8"
  case globalExplanations = "M9"
  case reasonCodes = "M10"
  case dataSheet = "M11"
  case provenance = "M12"
  case change = "M13"
  case limits = "M14"
  case signOff = "M15"
  case gates = "M16"
  case eventLog = "M17"
  case repeatedRun = "M18"
  case intendedUse = "H1"
  case riskRegister = "H2"
  case oversight = "H3"
  case monitoringPlan = "H4"
  case roles = "H5"
  case changePlan = "H6"

  /// Whether only people can give it.
  public var isHuman: Bool {
    switch self {
    case .intendedUse, .riskRegister, .oversight, .monitoringPlan, .roles, .changePlan: true
    case .cleanAccuracy, .calibration, .groups, .corruption, .attacks, .certifiedBound,
      .explanations, .explanationQuality, .globalExplanations, .reasonCodes, .dataSheet,
      .provenance, .change, .limits, .signOff, .gates, .eventLog, .repeatedRun:
      false
    }
  }
}
