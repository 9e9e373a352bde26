import Assessments
import Audits
import Statistics
import Tensors

extension Chapter {
  /// What declined applicants would have to change.
  func recourse(_ found: CounterfactualAssessment, _ record: AuditRecord) -> Markup {
    guard !found.applicants.isEmpty else { return .empty }
    let count = found.withoutRecourse.count
    let lead = words(
      "recourse.lead",
      [
        "count": NumberText.count(count), "declined": NumberText.count(found.declinedCount),
      ])
    let without = found.applicants.filter { $0.counterfactuals.isEmpty }
    return """
      <p>\(lead)</p>
      <p>\(words("recourse.without")) \(share(found.withoutRecourse)) \
      <small>n = \(NumberText.count(count))</small></p>
      \(withoutTable(without, record))
      \(counterfactualTable(found, record))
      \(paragraph("recourse.note", ["distance": medianDistance(found)]))
      \(refused(found))
      \(scaleTable(found, record))
      """
  }

  private func medianDistance(_ found: CounterfactualAssessment) -> String {
    found.medianNeighbourDistance.map { NumberText.decimal($0) } ?? "–"
  }

  private func refused(_ found: CounterfactualAssessment) -> Markup {
    found.refusedCount == 0
      ? .empty
      : paragraph("recourse.refused", ["count": NumberText.count(found.refusedCount)])
  }

  private func withoutTable(
    _ applicants: [CounterfactualApplicant], _ record: AuditRecord
  ) -> Markup {
    guard !applicants.isEmpty else { return .empty }
    return Table(
      words("recourse.withoutTable"),
      columns: [
        .init(words("reasons.applicant")), .init(words("reasons.probability"), isNumeric: true),
        .init(words("recourse.best"), isNumeric: true), .init(words("recourse.why")),
      ],
      rows: applicants.map { applicant in
        [
          "\(applicantName(applicant.sample, record))",
          "\(NumberText.percent(applicant.probability))",
          "\(applicant.noRecourse.map { NumberText.percent($0.bestProbability) } ?? "–")",
          "\(applicant.noRecourse.map { words("recourse.reason.\($0.reason.rawValue)") } ?? "–")",
        ]
      }
    ).markup
  }

  private func counterfactualTable(
    _ found: CounterfactualAssessment, _ record: AuditRecord
  ) -> Markup {
    let groups = found.applicants.filter { !$0.counterfactuals.isEmpty }.map { applicant in
      Table.Group(
        heading: words(
          "recourse.applicant",
          [
            "name": applicantName(applicant.sample, record),
            "probability": NumberText.percent(applicant.probability),
          ]),
        rows: applicant.counterfactuals.enumerated().map { row($0 + 1, $1, record) })
    }
    guard !groups.isEmpty else { return .empty }
    let table = Table(
      words("recourse.table"),
      columns: [
        .init(words("recourse.option"), isNumeric: true), .init(words("recourse.changes")),
        .init(words("recourse.cost"), isNumeric: true),
        .init(words("recourse.probability"), isNumeric: true),
        .init(words("recourse.distance"), isNumeric: true),
      ], groups: groups)
    return table.excerpt(words, rows: 24).markup
  }

  private func row(_ number: Int, _ offer: Counterfactual, _ record: AuditRecord) -> [Markup] {
    let changes = offer.changes.map { change in
      words(
        "recourse.change",
        [
          "feature": change.feature, "from": featureText(change.feature, change.from, record),
          "to": featureText(change.feature, change.to, record),
        ])
    }
    return [
      "\(number)", "\(changes.joined(separator: "; "))", "\(NumberText.decimal(offer.cost))",
      "\(NumberText.percent(offer.probability))",
      "\(offer.nearestDistance.map { NumberText.decimal($0) } ?? "–")",
    ]
  }

  private func scaleTable(_ found: CounterfactualAssessment, _ record: AuditRecord) -> Markup {
    let table = Table(
      words("recourse.scales"),
      columns: [
        .init(words("column.feature")), .init(words("recourse.allowed")),
        .init(words("recourse.width"), isNumeric: true), .init(words("recourse.basis")),
      ],
      rows: zip(record.model.input.features, found.scales).map { feature, scale in
        let allowed = feature.isMutable ? "direction.\(feature.direction.rawValue)" : "fixed"
        return [
          "\(feature.name)", "\(words("recourse.allowed.\(allowed)"))",
          "\(scale.basis == .category ? "–" : featureText(feature.name, scale.width, record))",
          "\(words("recourse.basis.\(scale.basis.rawValue)"))",
        ]
      })
    return "<details><summary>\(words("recourse.constraints"))</summary>\(table.markup)</details>"
  }
}
