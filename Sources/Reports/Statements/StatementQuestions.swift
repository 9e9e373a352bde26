import Audits

extension HumanStatement.Subject {
  /// The keys of its questions, which never change; their words are those of
  /// `statement.question.SUBJECT.KEY` in each language.
  var questions: [String] {
    switch self {
    case .intendedUse:
      ["users", "people", "decision", "setting", "outside", "materiality", "rationale"]
    case .misuse: ["foreseeable", "prevention"]
    case .risks: ["grading"]
    case .oversight: ["stop", "bias", "escalation"]
    case .monitoring: ["measures", "frequency", "thresholds", "triggers", "contact", "retention"]
    case .roles: ["developer", "validator", "approver", "contact"]
    case .changes: ["modifications", "protocol", "impact"]
    }
  }

  /// Whether it holds a register of risks besides its questions.
  var hasRegister: Bool { self == .risks }

  /// The kind of evidence that it is part of.
  var evidence: Evidence {
    switch self {
    case .intendedUse, .misuse: .intendedUse
    case .risks: .riskRegister
    case .oversight: .oversight
    case .monitoring: .monitoringPlan
    case .roles: .roles
    case .changes: .changePlan
    }
  }

  /// The items of some profiles that ask for it: "EU-1".
  func items(of profiles: [ComplianceProfile]) -> [String] {
    profiles.flatMap(\.items).filter { $0.human.contains(evidence) }.map(\.id)
  }
}

/// The columns of the register of risks; their words are those of `statement.risk.COLUMN`.
enum RiskColumn: String, CaseIterable, Sendable {
  case hazard, cause, harm, severity, likelihood, control
  case residual = "residual-risk"
  case acceptedBy = "accepted-by"

  /// The question of a cell: "register.1.hazard".
  func question(row: Int) -> String { "\(Self.register).\(row).\(rawValue)" }

  /// The key of the register among the questions about risks.
  static let register = "register"
}
