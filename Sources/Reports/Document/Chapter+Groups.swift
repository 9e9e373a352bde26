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

  /// A line a criterion: the largest gap, whether it is shown, and what it is without few samples.
  private func largestGaps(_ assessment: GroupAssessment, _ text: GroupText) -> Markup {
    let lines = assessment.criteria.indices.compactMap { criterion -> Markup? in
      guard let all = largest(assessment, criterion, \.all) else { return nil }
      let first = text.sentence("groups.largest", all.partition, all.gap)
      let judgement = text.judgement(all.partition, all.gap)
      let isSame = all.partition.withoutSmall == nil
      let other = largest(assessment, criterion, { $0.withoutSmall ?? $0.all })
      guard other?.gap != all.gap || !isSame else { return "<li>\(first) \(judgement)</li>" }
      let second =
        other.map {
          "\(text.sentence("groups.largestLarge", $0.partition, $0.gap)) "
            + text.judgement($0.partition, $0.gap)
        } ?? words("groups.allSmall", ["small": "\(assessment.smallCount)"])
      return "<li>\(first) \(judgement) \(second)</li>"
    }
    return lines.isEmpty ? paragraph("groups.noGaps") : "<ul>\(lines)</ul>"
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
