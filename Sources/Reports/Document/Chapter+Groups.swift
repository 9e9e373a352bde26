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

  /// A gap, whose it is, and whether none is larger.
  private struct TopGap {
    var partition: GroupAssessment.Partition
    var gap: GroupAssessment.Gap
    var isLargest: Bool
  }

  /// A line a criterion: the largest gap between slices with enough samples, and whether it is shown;
  /// of those with few what is shown all the same.
  private func largestGaps(_ assessment: GroupAssessment, _ text: GroupText) -> Markup {
    let lines = assessment.criteria.indices.compactMap { criterion -> Markup? in
      guard let all = top(assessment, criterion, \.all) else { return nil }
      let few = all.gap.isShown(assessment.level) ? sentence("groups.largestSmall", all, text) : ""
      guard let large = top(assessment, criterion, { $0.withoutSmall ?? $0.all }) else {
        let none = words(
          "groups.allSmall",
          ["criterion": text.criterion(all.gap.criterion), "small": "\(assessment.smallCount)"])
        return "<li>\(none) \(few)</li>"
      }
      let key = large.isLargest ? "groups.largest" : "groups.largestShown"
      return "<li>\(sentence(key, large, text)) \(large.gap == all.gap ? "" : few)</li>"
    }
    guard !lines.isEmpty else { return paragraph("groups.noGaps") }
    let note =
      assessment.partitions.contains { $0.withoutSmall != nil }
      ? paragraph("groups.small", ["small": "\(assessment.smallCount)"]) : .empty
    return note + "<ul>\(lines)</ul>"
  }

  private func sentence(_ key: String, _ top: TopGap, _ text: GroupText) -> String {
    "\(text.sentence(key, top.partition, top.gap)) \(text.judgement(top.partition, top.gap))"
  }

  /// The largest gap that is shown, or else the largest; nil where there is none.
  ///
  /// Two small slices may lie further apart by chance than two large ones that really differ: a gap
  /// that nothing shows must not stand before one that a test shows.
  private func top(
    _ assessment: GroupAssessment, _ criterion: Int,
    _ comparison: (GroupAssessment.Partition) -> GroupAssessment.Comparison
  ) -> TopGap? {
    func size(_ top: TopGap) -> Double { top.gap.estimate.value ?? 0 }
    let gaps = assessment.partitions.map { partition in
      TopGap(partition: partition, gap: comparison(partition).gaps[criterion], isLargest: false)
    }.filter { $0.gap.estimate.value != nil }
    let shown = gaps.filter { $0.gap.isShown(assessment.level) }
    guard let largest = gaps.map(size).max(),
      var top = (shown.isEmpty ? gaps : shown).max(by: { size($0) < size($1) })
    else { return nil }
    top.isLargest = size(top) == largest
    return top
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
