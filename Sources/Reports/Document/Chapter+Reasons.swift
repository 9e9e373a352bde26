import Assessments
import Audits
import Statistics

extension Chapter {
  /// The reasons for which one model declines, unless they failed their control.
  func reasons(_ codes: ReasonCodeAssessment, _ record: AuditRecord) -> Markup {
    guard codes.reference != nil else { return paragraph("reasons.nobody") }
    guard !codes.applicants.isEmpty else { return paragraph("reasons.noneDeclined") }
    let evidence = """
      \(validationTable(codes))
      \(paragraph("reasons.validationNote"))
      """ as Markup
    guard !codes.isWithdrawn else {
      return "<p class=\"callout\">\(words("reasons.withdrawn"))</p>" + evidence
    }
    return """
      \(protection(codes))
      \(frequencyTable(codes))
      \(groupTable(codes))
      \(exampleTables(codes, record))
      \(evidence)
      \(stabilityTable(codes))
      \(paragraph("reasons.stabilityNote", ["halves": "\(codes.stability.halfCount)"]))
      \(exactness(codes))
      \(applicantList(codes, record))
      """
  }

  private func protection(_ codes: ReasonCodeAssessment) -> Markup {
    guard codes.flaggedCount > 0 else { return .empty }
    let names = codes.frequencies.filter(\.isProtected).map(\.feature).joined(separator: ", ")
    let text = words(
      "reasons.protected", ["count": NumberText.count(codes.flaggedCount), "features": names])
    return "<p class=\"callout\">\(text)</p>"
  }

  private func explainedCount(_ codes: ReasonCodeAssessment) -> Int {
    codes.applicants.count { !$0.reasons.isEmpty }
  }

  private func frequencyTable(_ codes: ReasonCodeAssessment) -> Markup {
    let count = explainedCount(codes)
    return Table(
      words("reasons.frequencies", ["count": NumberText.count(count)]),
      columns: [
        .init(words("column.feature")), .init(words("reasons.any"), isNumeric: true),
        .init(words("reasons.first"), isNumeric: true), .init(words("reasons.remark")),
      ],
      rows: codes.frequencies.map { frequency in
        [
          "\(frequency.feature)",
          share(IntervalEstimate(successes: frequency.count, of: count)),
          share(IntervalEstimate(successes: frequency.firstCount, of: count)),
          "\(frequency.isProtected ? words("reasons.flag") : "")",
        ]
      }
    ).inline.markup
  }

  private func groupTable(_ codes: ReasonCodeAssessment) -> Markup {
    guard !codes.groups.isEmpty else { return .empty }
    let attributes = codes.groups.map(\.attribute)
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return Table(
      words("reasons.groups"),
      columns: [
        .init(words("column.group")), .init(words("reasons.declined"), isNumeric: true),
        .init(words("reasons.commonest")),
      ],
      groups: attributes.map { attribute in
        Table.Group(
          heading: attribute,
          rows: codes.groups.filter { $0.attribute == attribute }.map(groupRow))
      }
    ).markup + paragraph("reasons.groupsNote")
  }

  private func groupRow(_ group: ReasonGroup) -> [Markup] {
    let commonest = group.frequencies.prefix(3).map { frequency in
      words(
        "reasons.frequency",
        [
          "feature": frequency.feature,
          "share": NumberText.percent(
            Double(frequency.count) / Double(max(group.explainedCount, 1))),
        ])
    }
    let rate = IntervalEstimate(successes: group.declinedCount, of: group.auditedCount)
    return [
      "\(group.value)",
      "\(share(rate)) <small>n = \(NumberText.count(group.auditedCount))</small>",
      "\(commonest.isEmpty ? "–" : commonest.joined(separator: "; "))",
    ]
  }

  private func exactness(_ codes: ReasonCodeAssessment) -> Markup {
    let unconverged = codes.applicants.count { !$0.isConverged }
    let withoutReason = codes.applicants.count { $0.isConverged && $0.reasons.isEmpty }
    let sampled = codes.applicants.count { $0.method == .shapleySampling }
    return paragraph(
      "reasons.exactness",
      [
        "declined": NumberText.count(codes.applicants.count),
        "unconverged": NumberText.count(unconverged),
        "without": NumberText.count(withoutReason),
        "paths": NumberText.count(codes.applicants.count - sampled),
        "sampled": NumberText.count(sampled),
      ])
  }
}
