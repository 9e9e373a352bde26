import Assessments
import Audits
import Statistics

extension Chapter {
  /// How differently the models serve groups of samples and their intersections.
  var groups: Markup {
    let parts = models.enumerated().compactMap { index, model -> Markup? in
      guard let assessment = model.record.assessments.groups,
        !(assessment.partitions.isEmpty && assessment.unsliced.isEmpty)
      else { return nil }
      let text = GroupText(assessment, record: model.record, words: words)
      return """
        <h4>\(words("groups.heading", ["model": model.name]))</h4>
        \(largestGaps(assessment, text))
        \(leftOut(assessment))
        <div class="pair">\(GroupCharts(
          chapter: self, index: index, assessment: assessment, text: text
        ).markup)</div>
        \(GroupTables(chapter: self, assessment: assessment, text: text, name: model.name).markup)
        """
    }
    guard !parts.isEmpty else { return .empty }
    return paragraph("groups.lead") + parts.joined
  }

  /// A line a criterion: the largest gap between slices with enough samples, and whether it is shown;
  /// of those with few what is shown all the same.
  private func largestGaps(_ assessment: GroupAssessment, _ text: GroupText) -> Markup {
    let lines = assessment.criteria.indices.compactMap { criterion -> Markup? in
      guard let all = largest(assessment, criterion, \.all) else { return nil }
      let few = all.gap.isShown(assessment.level) ? smallSentence(all, text) : ""
      guard let large = largest(assessment, criterion, { $0.withoutSmall ?? $0.all }) else {
        let none = words(
          "groups.allSmall",
          ["criterion": text.criterion(all.gap.criterion), "small": "\(assessment.smallCount)"])
        return "<li>\(none)\(few)</li>"
      }
      let sentence = text.sentence("groups.largest", large.partition, large.gap)
      let judgement = text.judgement(large.partition, large.gap)
      return "<li>\(sentence) \(judgement)\(large.gap == all.gap ? "" : few)</li>"
    }
    guard !lines.isEmpty else { return paragraph("groups.noGaps") }
    let note =
      assessment.partitions.contains { $0.withoutSmall != nil }
      ? paragraph("groups.small", ["small": "\(assessment.smallCount)"]) : .empty
    return note + "<ul>\(lines)</ul>"
  }

  private func smallSentence(
    _ largest: (partition: GroupAssessment.Partition, gap: GroupAssessment.Gap), _ text: GroupText
  ) -> String {
    let sentence = text.sentence("groups.largestSmall", largest.partition, largest.gap)
    return " \(sentence) \(text.judgement(largest.partition, largest.gap))"
  }

  private func largest(
    _ assessment: GroupAssessment, _ criterion: Int,
    _ comparison: (GroupAssessment.Partition) -> GroupAssessment.Comparison
  ) -> (partition: GroupAssessment.Partition, gap: GroupAssessment.Gap)? {
    assessment.partitions.map { (partition: $0, gap: comparison($0).gaps[criterion]) }
      .filter { $0.gap.estimate.value != nil }
      .max { ($0.gap.estimate.value ?? 0) < ($1.gap.estimate.value ?? 0) }
  }

  /// Attributes and pairs with too many values for a table.
  private func leftOut(_ assessment: GroupAssessment) -> Markup {
    assessment.unsliced.map { unsliced in
      paragraph(
        "groups.unsliced",
        [
          "attribute": GroupText.name(unsliced.attributes),
          "count": NumberText.count(unsliced.sliceCount),
        ])
    }.joined
  }
}
