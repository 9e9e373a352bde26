import Assessments
import Audits
import Statistics
import Tensors

extension Chapter {
  /// Decisions about applicants: who is declined, for which reasons, and what would change that.
  var decisions: Markup {
    let parts = decisionParts
    guard !parts.isEmpty else { return .empty }
    return """
      \(paragraph("decisions.lead"))
      \(decisionTable)
      \(paragraph("decisions.note"))
      \(parts)
      """
  }

  private var decisionParts: [Markup] {
    models.enumerated().compactMap { index, model in
      let (name, record) = model
      let body = [
        record.assessments.reasonCodes.map { reasons($0, record) },
        record.assessments.counterfactuals.map { recourse($0, record) },
      ].compactMap { $0 }
      guard !body.isEmpty else { return nil }
      let heading = id("decisions", "\(index)")
      return """
        <h4 id="\(heading)">\(words("decisions.model", ["model": name]))</h4>
        \(body)
        """
    }
  }

  private var decisionTable: Markup {
    Table(
      words("decisions.table"),
      columns: [
        .init(words("column.model")), .init(words("decisions.favourable")),
        .init(words("decisions.cutoff"), isNumeric: true),
        .init(words("decisions.applicants"), isNumeric: true),
        .init(words("decisions.accepted"), isNumeric: true),
        .init(words("decisions.reference"), isNumeric: true),
        .init(words("decisions.referenceRange"), isNumeric: true),
      ],
      rows: models.compactMap { name, record in
        record.assessments.reasonCodes.map { decisionRow(name, record, $0) }
          ?? record.assessments.counterfactuals.map { decisionRow(name, record, $0) }
      }
    ).inline.markup
  }

  private func decisionRow(
    _ name: String, _ record: AuditRecord, _ codes: ReasonCodeAssessment
  ) -> [Markup] {
    let reference = codes.reference
    return [
      "\(name)", "\(record.className(codes.rule.favourableClass))",
      "\(NumberText.plain(codes.rule.cutoff))", "\(NumberText.count(codes.auditedCount))",
      acceptance(codes.acceptedCount, of: codes.auditedCount),
      reference.map { reference in
        let source = words("decisions.source.\(reference.source.rawValue)")
        return "\(NumberText.count(reference.count)) <small>\(source)</small>"
      } ?? "–",
      reference.map {
        "\(NumberText.percentRange($0.lowestProbability, $0.highestProbability))"
      } ?? "–",
    ]
  }

  private func decisionRow(
    _ name: String, _ record: AuditRecord, _ found: CounterfactualAssessment
  ) -> [Markup] {
    let accepted = found.auditedCount - found.declinedCount
    return [
      "\(name)", "\(record.className(found.rule.favourableClass))",
      "\(NumberText.plain(found.rule.cutoff))", "\(NumberText.count(found.auditedCount))",
      acceptance(accepted, of: found.auditedCount), "–", "–",
    ]
  }

  private func acceptance(_ accepted: Int, of count: Int) -> Markup {
    share(IntervalEstimate(successes: accepted, of: count))
  }

  /// A share with its interval.
  func share(_ estimate: IntervalEstimate) -> Markup {
    Estimate(interval: estimate, isFraction: true).markup
  }

  /// A number with its interval.
  func number(_ estimate: IntervalEstimate) -> Markup {
    Estimate(interval: estimate, isFraction: false).markup
  }

  /// An applicant's name, or the number of the sample where no prediction names it.
  func applicantName(_ sample: Int, _ record: AuditRecord) -> String {
    record.predictions.first { $0.sample == sample }?.name ?? "\(sample)"
  }

  /// A value of a feature in a reader's words.
  func featureText(_ feature: String, _ value: Double, _ record: AuditRecord) -> String {
    let position = record.model.input.features.firstIndex { $0.name == feature }
    return FeatureText(record.model.input, position ?? -1).text(value)
  }
}
