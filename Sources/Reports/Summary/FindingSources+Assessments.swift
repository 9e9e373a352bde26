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

/// Gaps between groups that chance does not explain, adjusted for all tests of the assessment.
struct CertainGaps: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let groups = record.assessments.groups else { return [] }
    let text = GroupText(groups, record: record, words: words)
    return groups.partitions.flatMap { partition in
      partition.all.gaps.compactMap { gap in
        guard let probability = gap.adjustedProbability, probability < groups.level,
          let value = gap.estimate.value
        else { return nil }
        return SevereFinding(
          magnitude: value, key: "finding.certainGap",
          values: [
            NamedValue("criterion", text.criterion(gap.criterion)),
            NamedValue("group", GroupText.name(partition.attributes)),
            NamedValue("value", Estimate(interval: gap.estimate, isFraction: true).sentence),
            NamedValue("probability", NumberText.probabilityRelation(probability)),
          ], section: "groups")
      }
    }
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
          NamedValue("clean", NumberText.percent(clean)),
          NamedValue("value", Estimate(interval: last, isFraction: true).sentence),
        ], section: "corruptions")
    ]
  }
}
