import Assessments
import Audits

extension Chapter {
  /// How many applicants the list of all reasons names before it refers to the file.
  static let listedApplicants = 1_000

  /// Applicants that stand for others, each chosen by a stated rule.
  func exampleTables(_ codes: ReasonCodeAssessment, _ record: AuditRecord) -> Markup {
    let explained = codes.applicants.filter { !$0.reasons.isEmpty }
    guard let borderline = explained.max(by: { $0.probability < $1.probability }) else {
      return .empty
    }
    let commonest = codes.frequencies.max { $0.firstCount < $1.firstCount }?.feature
    var chosen = [("commonest", explained.first { $0.reasons[0].feature == commonest })]
    chosen.append(("borderline", borderline))
    chosen.append(
      ("unstable", explained.min { $0.stability.halves.overlap < $1.stability.halves.overlap }))
    var shown: Set<Int> = []
    let tables = chosen.compactMap { rule, applicant -> Markup? in
      guard let applicant, shown.insert(applicant.sample).inserted else { return nil }
      return exampleTable(applicant, words("reasons.example.\(rule)"), record)
    }
    return "\(paragraph("reasons.examples"))\(tables)"
  }

  private func exampleTable(
    _ applicant: DeclinedApplicant, _ rule: String, _ record: AuditRecord
  ) -> Markup {
    let largest = applicant.reasons.map { abs($0.contribution) }.max() ?? 1
    return Table(
      words(
        "reasons.example",
        [
          "name": applicantName(applicant.sample, record), "rule": rule,
          "probability": NumberText.percent(applicant.probability),
          "shortfall": NumberText.decimal(applicant.shortfall),
        ]),
      columns: [
        .init(words("reasons.reason")), .init(words("reasons.value"), isNumeric: true),
        .init(words("reasons.typical"), isNumeric: true),
        .init(words("reasons.contribution"), isNumeric: true),
        .init(words("reasons.share"), isNumeric: true), .init(words("column.direction")),
      ],
      rows: applicant.reasons.map { reason in
        [
          "\(reason.feature)\(flag(reason))",
          "\(featureText(reason.feature, reason.value, record))",
          "\(featureText(reason.feature, reason.typicalValue, record))",
          "\(NumberText.signed(reason.contribution))", "\(NumberText.percent(reason.share))",
          SignedBar(value: reason.contribution, scale: largest).markup,
        ]
      }
    ).markup
  }

  private func flag(_ reason: PrincipalReason) -> Markup {
    reason.isProtected ? " <small class=\"bad\">\(words("reasons.flag"))</small>" : .empty
  }

  /// Every declined applicant with the reasons.
  func applicantList(_ codes: ReasonCodeAssessment, _ record: AuditRecord) -> Markup {
    let names = Dictionary(
      record.predictions.map { ($0.sample, $0.name) }, uniquingKeysWith: { first, _ in first })
    let shown = codes.applicants.prefix(Self.listedApplicants)
    let table = Table(
      words("reasons.list"),
      columns: [
        .init(words("reasons.applicant")), .init(words("reasons.probability"), isNumeric: true),
        .init(words("reasons.reasons")),
      ],
      rows: shown.map { applicant in
        [
          "\(names[applicant.sample] ?? "\(applicant.sample)")",
          "\(NumberText.percent(applicant.probability))", reasonList(applicant, record),
        ]
      }
    ).excerpt(words, rows: 10)
    let rest =
      codes.applicants.count > shown.count
      ? paragraph(
        "reasons.rest", ["count": NumberText.count(codes.applicants.count - shown.count)])
      : .empty
    let summary = words(
      "reasons.summary", ["count": NumberText.count(codes.applicants.count)])
    return "<details><summary>\(summary)</summary>\(table.markup)\(rest)</details>"
  }

  private func reasonList(_ applicant: DeclinedApplicant, _ record: AuditRecord) -> Markup {
    guard !applicant.reasons.isEmpty else {
      return "\(words(applicant.isConverged ? "reasons.none" : "reasons.unconverged"))"
    }
    let items = applicant.reasons.map { reason -> Markup in
      let text = words(
        "reasons.item",
        [
          "feature": reason.feature,
          "value": featureText(reason.feature, reason.value, record),
          "typical": featureText(reason.feature, reason.typicalValue, record),
          "share": NumberText.percent(reason.share),
        ])
      return "<li>\(text)\(flag(reason))</li>"
    }
    return "<ol>\(items)</ol>"
  }
}
