import Assessments
import Audits
import Statistics

/// Samples of the audit that the model was trained on: figures on them say nothing about others.
struct LeakedSamples: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let sheet = record.assessments.dataSheet, let leaked = sheet.leaked, leaked.count > 0
    else { return [] }
    return [
      SevereFinding(
        magnitude: Double(leaked.count) / Double(sheet.audited.count), key: "finding.leak",
        values: [
          NamedValue("count", NumberText.count(leaked.count)),
          NamedValue("all", NumberText.count(sheet.audited.count)),
        ], section: "data")
    ]
  }
}

/// The corruption that costs the most accuracy, over its severities.
struct WorstCorruption: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let corruptions = record.assessments.corruptions,
      let clean = corruptions.cleanAccuracy.value
    else { return [] }
    let losses = corruptions.outcomes.compactMap { outcome in
      outcome.meanAccuracy.map { (outcome: outcome, loss: clean - $0) }
    }
    guard let worst = losses.max(by: { $0.loss < $1.loss }), worst.loss > 0,
      let last = worst.outcome.levels.last?.accuracy
    else { return [] }
    return [
      SevereFinding(
        magnitude: worst.loss, key: "finding.corruption",
        values: [
          NamedValue("corruption", words("corruptions.kind.\(worst.outcome.kind.rawValue)")),
          NamedValue("mean", NumberText.percent(clean - worst.loss)),
          NamedValue("clean", NumberText.percent(clean)),
          NamedValue("value", Estimate(interval: last, isFraction: true).sentence),
        ], section: "corruptions")
    ]
  }
}
