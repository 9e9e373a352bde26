import Assessments
import Audits
import Statistics

/// Answers that are not shown to be better than always giving the most frequent class.
struct NoBetterThanBaseline: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let most = record.mostFrequentClass, let measure = record.measure(.cleanAccuracy),
      let lower = measure.lower, lower <= most.share
    else { return [] }
    return [
      SevereFinding(
        magnitude: most.share - lower, key: "finding.baseline",
        values: [
          NamedValue("value", Estimate(measure).sentence),
          NamedValue("share", NumberText.percent(most.share)),
          NamedValue("class", record.className(most.index)),
        ], section: "performance")
    ]
  }
}

/// Probabilities with a worse Brier score than the class frequencies of the audited samples have.
struct WorseThanFrequencies: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let parts = record.assessments.calibration?.decomposition,
      parts.score > parts.uncertainty
    else { return [] }
    return [
      SevereFinding(
        magnitude: parts.score - parts.uncertainty, key: "finding.noSkill",
        values: [
          NamedValue("value", NumberText.decimal(parts.score)),
          NamedValue("uncertainty", NumberText.decimal(parts.uncertainty)),
        ], section: "calibration")
    ]
  }
}
