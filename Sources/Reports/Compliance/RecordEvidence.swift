import Assessments
import Audits

/// The evidence that one record holds; all of it derives from the record alone.
struct RecordEvidence: Sendable {
  let record: AuditRecord
  /// The number of the report's chapter that shows the record.
  let chapter: Int
  /// Whether the report shows what changed since an earlier audit.
  var hasChange = false
  /// Whether somebody signed the record as it is now.
  var isSigned = false

  /// Whether the record holds a kind of evidence.
  func status(of evidence: Evidence) -> EvidenceStatus {
    if evidence.isHuman { return humanStatus(of: evidence) }
    let missing = missing(evidence)
    let failed = failedGates(about: evidence)
    guard failed.isEmpty else {
      let own = missing == nil ? [section(of: evidence)] : []
      return EvidenceStatus(
        .failed, sections: own.contains("summary") ? own : ["summary"] + own,
        shortfalls: failed.map {
          Shortfall(.gateFailed, run: record.run.id, detail: $0.requirement)
        })
    }
    guard let missing else {
      // How the model was trained and what it consists of stands beside what was tested.
      let more = evidence == .provenance ? ["c\(chapter)-subject"] : []
      return EvidenceStatus(.answered, sections: [section(of: evidence)] + more)
    }
    return EvidenceStatus(.notMeasured, shortfalls: [missing])
  }

  /// What the record lacks for a measurement; nil where it lacks nothing.
  private func missing(_ evidence: Evidence) -> Shortfall? {
    switch evidence {
    case .cleanAccuracy: unfinished ?? noAccuracy
    case .calibration: unfinished ?? noCalibration
    case .groups: unfinished ?? noGroups
    case .attacks: unfinished ?? noAttack
    case .explanations: unfinished ?? noExplanations
    case .explanationQuality: unfinished ?? noQuality
    case .gates: unfinished ?? noVerdicts
    case .provenance: noProvenance
    // The limits are worked out from whatever the record holds, even from nothing.
    case .limits: nil
    case .corruption: unfinished ?? noCorruptions
    case .globalExplanations: unfinished ?? noGlobalExplanations
    case .reasonCodes: unfinished ?? noReasonCodes
    case .dataSheet: unfinished ?? noDataSheet
    case .change: hasChange ? nil : shortfall(.noChange)
    case .signOff: noSignature
    case .eventLog: record.events.isEmpty ? shortfall(.noEvents) : nil
    case .repeatedRun:
      record.events.contains { $0.action == .repeated } ? nil : shortfall(.noRepetition)
    case .certifiedBound: Shortfall(.never, detail: evidence.rawValue)
    case .intendedUse, .riskRegister, .oversight, .monitoringPlan, .roles, .changePlan:
      Shortfall(.person)
    }
  }

  /// The section that shows a measurement, where the record holds it.
  private func section(of evidence: Evidence) -> String {
    switch evidence {
    case .cleanAccuracy: "c\(chapter)-performance"
    case .groups:
      record.assessments.groups == nil ? "c\(chapter)-performance" : "c\(chapter)-groups"
    case .corruption: "c\(chapter)-corruptions"
    case .globalExplanations: "c\(chapter)-global"
    case .reasonCodes: "c\(chapter)-decisions"
    case .dataSheet: "c\(chapter)-data"
    case .change: "change"
    case .signOff, .eventLog, .repeatedRun: "signOff"
    case .calibration: "c\(chapter)-calibration"
    case .attacks: "c\(chapter)-robustness"
    case .explanations: "c\(chapter)-explanations"
    case .explanationQuality: "c\(chapter)-trust"
    case .gates: "summary"
    case .provenance: "reproduction"
    case .limits: "limits"
    case .certifiedBound, .intendedUse, .riskRegister, .oversight, .monitoringPlan, .roles,
      .changePlan:
      preconditionFailure("expected a measurement that reports show, got \(evidence.rawValue)")
    }
  }

  func shortfall(_ reason: Shortfall.Reason, _ detail: String = "") -> Shortfall {
    Shortfall(reason, run: record.run.id, detail: detail)
  }

  private var unfinished: Shortfall? { record.run.isComplete ? nil : shortfall(.incomplete) }
}
