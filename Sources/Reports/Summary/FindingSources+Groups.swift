import Assessments
import Audits
import Statistics

/// Gaps between groups that chance does not explain, adjusted for all tests of the assessment.
///
/// Where a gap is shown without the groups of few samples, it is that one: rates of a few people lie
/// apart by chance.
struct CertainGaps: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let groups = record.assessments.groups else { return [] }
    let text = GroupText(groups, record: record, words: words)
    return groups.partitions.flatMap { partition in
      partition.all.gaps.indices.compactMap { criterion in
        let gaps = [partition.withoutSmall?.gaps[criterion], partition.all.gaps[criterion]]
        return gaps.compactMap(\.self).first { $0.isShown(groups.level) }.flatMap {
          finding($0, partition, text)
        }
      }
    }
  }

  private func finding(
    _ gap: GroupAssessment.Gap, _ partition: GroupAssessment.Partition, _ text: GroupText
  ) -> SevereFinding? {
    guard let value = gap.estimate.value, let probability = gap.adjustedProbability,
      let tested = gap.testedSlice
    else { return nil }
    return SevereFinding(
      magnitude: value, key: "finding.certainGap",
      values: [
        NamedValue("criterion", text.criterion(gap.criterion)),
        NamedValue("lowest", text.extreme(partition, gap, gap.lowest)),
        NamedValue("highest", text.extreme(partition, gap, gap.highest)),
        NamedValue("value", Estimate(interval: gap.estimate, isFraction: true).sentence),
        NamedValue("slice", text.slice(partition, tested)),
        NamedValue("probability", NumberText.probabilityRelation(probability)),
      ], section: "groups")
  }
}

/// Attributes whose selection rates miss the four-fifths rule beyond chance.
struct MissedFourFifths: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let groups = record.assessments.groups, groups.isDecision else { return [] }
    return groups.partitions.filter { $0.attributes.count == 1 }.compactMap { partition in
      let comparisons = [partition.withoutSmall, partition.all].compactMap(\.self)
      guard let missed = comparisons.first(where: { $0.fourFifths(groups.level) == .missed }),
        let ratio = missed.parity?.selectionRateRatio, let value = ratio.value
      else { return nil }
      let probability = missed.selection?.adjustedProbability ?? 1
      return SevereFinding(
        magnitude: 1 - value, key: "finding.fourFifths",
        values: [
          NamedValue("group", GroupText.name(partition.attributes)),
          NamedValue("value", Estimate(interval: ratio, isFraction: false).sentence),
          NamedValue("probability", NumberText.probabilityRelation(probability)),
        ], section: "groups")
    }
  }
}

/// Applicants who are declined for what law protects.
struct ProtectedReasons: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let codes = record.assessments.reasonCodes, !codes.isWithdrawn else { return [] }
    let concerned = codes.applicants.filter { $0.reasons.contains(where: \.isProtected) }
    guard !concerned.isEmpty else { return [] }
    let features = Set(concerned.flatMap(\.reasons).filter(\.isProtected).map(\.feature)).sorted()
    return [
      SevereFinding(
        magnitude: Double(concerned.count) / Double(codes.applicants.count),
        key: "finding.protectedReasons",
        values: [
          NamedValue("count", NumberText.count(concerned.count)),
          NamedValue("all", NumberText.count(codes.applicants.count)),
          NamedValue("features", features.joined(separator: ", ")),
        ], section: "decisions")
    ]
  }
}
