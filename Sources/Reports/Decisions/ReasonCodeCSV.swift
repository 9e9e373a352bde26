import Assessments
public import Audits

/// The reasons of every declined applicant as a CSV file: a line a reason.
///
/// Who has no reason has one line that says why. Reasons that failed their control are not written.
public struct ReasonCodeCSV: Hashable, Sendable {
  public var record: AuditRecord

  public init(_ record: AuditRecord) { self.record = record }

  static let header = [
    "sample", "applicant", "probability", "cutoff", "log_odds", "shortfall", "status", "method",
    "rank", "feature", "value", "reference_value", "contribution", "share_of_shortfall",
    "protected",
  ]

  /// The text in UTF-8; nil where reasons were not measured.
  public func encoded() -> [UInt8]? {
    guard let codes = record.assessments.reasonCodes else { return nil }
    let names = Dictionary(
      record.predictions.map { ($0.sample, $0.name) }, uniquingKeysWith: { first, _ in first })
    let lines = codes.applicants.flatMap { rows($0, names[$0.sample] ?? "", codes) }
    return Array(([CSVRow(Self.header)] + lines).map(\.text).joined().utf8)
  }

  private func rows(
    _ applicant: DeclinedApplicant, _ name: String, _ codes: ReasonCodeAssessment
  ) -> [CSVRow] {
    let beginning = [
      "\(applicant.sample)", name, "\(applicant.probability)", "\(codes.rule.cutoff)",
      "\(applicant.score)", "\(applicant.shortfall)", status(applicant, codes),
      applicant.method.rawValue,
    ]
    guard !codes.isWithdrawn, !applicant.reasons.isEmpty else {
      return [CSVRow(beginning + [String](repeating: "", count: 7))]
    }
    return applicant.reasons.enumerated().map { rank, reason in
      CSVRow(
        beginning + [
          "\(rank + 1)", reason.feature, reason.valueText, reason.typicalText,
          "\(reason.contribution)", "\(reason.share)", reason.isProtected ? "yes" : "no",
        ])
    }
  }

  private func status(
    _ applicant: DeclinedApplicant, _ codes: ReasonCodeAssessment
  ) -> String {
    if codes.isWithdrawn { return "withdrawn" }
    if !applicant.isConverged { return "not exact enough" }
    return applicant.reasons.isEmpty ? "no single reason" : "given"
  }
}
