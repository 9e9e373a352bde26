import Assessments
import Statistics

/// Forest plots of one model's groups: rates beside those of all samples, and gaps beside none.
struct GroupCharts: Sendable {
  var chapter: Chapter
  var index: Int
  var assessment: GroupAssessment
  var text: GroupText

  /// Beyond this many rows a chart shows those with the smallest rates or largest gaps.
  private static let rowLimit = 30

  var markup: [Markup] {
    assessment.criteria.indices.filter(isDrawn).compactMap(rateChart) + [gapChart].compactMap { $0 }
  }

  /// Attributes alone: pairs are in the tables.
  private var single: [GroupAssessment.Partition] {
    assessment.partitions.filter { $0.attributes.count == 1 }
  }

  /// Clean accuracy, the robust accuracy under the last threat, and who is selected in a decision.
  private func isDrawn(_ criterion: Int) -> Bool {
    switch assessment.criteria[criterion].kind {
    case .cleanAccuracy: true
    case .robustAccuracy:
      criterion == assessment.criteria.lastIndex { $0.kind == .robustAccuracy }
    case .selectionRate: assessment.isDecision
    case .truePositiveRate, .falsePositiveRate: false
    }
  }

  private func rateChart(_ criterion: Int) -> Markup? {
    let rows = single.flatMap { partition in
      partition.slices.indices.compactMap { row(partition, $0, criterion) }
    }
    guard !rows.isEmpty, let reference = assessment.overall[criterion].value else { return nil }
    let name = text.criterion(assessment.criteria[criterion])
    let title = chapter.words("groups.rateChart", ["criterion": name])
    return chart(
      "rates-\(criterion)", title: title, xLabel: name, rows: rows, reference: reference,
      order: \.value, tones: ["undecided", "worse", "better"])
  }

  private func row(
    _ partition: GroupAssessment.Partition, _ slice: Int, _ criterion: Int
  ) -> IntervalChart.Row? {
    let rate = partition.slices[slice].rates[criterion]
    guard let value = rate.estimate.value, let lower = rate.estimate.lower,
      let upper = rate.estimate.upper, let all = assessment.overall[criterion].value
    else { return nil }
    let isShown = rate.adjustedProbability.map { $0 <= assessment.level } ?? false
    let label = chapter.words(
      rate.isSmall ? "groups.chartSmall" : "groups.chartRow",
      ["name": text.slice(partition, slice), "count": NumberText.count(rate.estimate.count)])
    return IntervalChart.Row(
      label: label, value: value, lower: lower, upper: upper,
      tone: isShown ? (value < all ? .worse : .better) : .undecided)
  }

  private var gapChart: Markup? {
    let rows = single.flatMap { partition in
      partition.all.gaps.compactMap { gap -> IntervalChart.Row? in
        guard let value = gap.estimate.value, let lower = gap.estimate.lower,
          let upper = gap.estimate.upper
        else { return nil }
        let isShown = gap.adjustedProbability.map { $0 <= assessment.level } ?? false
        return IntervalChart.Row(
          label: "\(GroupText.name(partition.attributes)): \(text.criterion(gap.criterion))",
          value: value, lower: lower, upper: upper, tone: isShown ? .worse : .undecided)
      }
    }
    guard !rows.isEmpty else { return nil }
    return chart(
      "gaps", title: chapter.words("groups.gapChart"), xLabel: chapter.words("groups.gap"),
      rows: rows, order: { -$0.value }, tones: ["undecided", "gap"])
  }

  private func chart(
    _ key: String, title: String, xLabel: String, rows: [IntervalChart.Row], reference: Double = 0,
    order: (IntervalChart.Row) -> Double, tones: [String]
  ) -> Markup {
    let isCut = rows.count > Self.rowLimit
    let ordered = isCut ? rows.sorted { order($0) < order($1) } : rows
    let shown = Array(ordered.prefix(Self.rowLimit))
    var chart = IntervalChart(
      id: chapter.id("groups", "\(index)", key), title: title, description: description(shown),
      xLabel: xLabel, rows: shown)
    chart.reference = reference
    chart.xText = { NumberText.plain(100 * $0) + "\u{A0}%" }
    let cut =
      isCut
      ? " "
        + chapter.words(
          "groups.chartCut",
          ["shown": "\(shown.count)", "count": NumberText.count(rows.count)])
      : ""
    return chapter.figure(
      chart.markup, caption: title + cut,
      legend: Legend(names: tones.map { chapter.words("groups.tone.\($0)") }).markup)
  }

  /// The chart in words, for who does not see it.
  private func description(_ rows: [IntervalChart.Row]) -> String {
    rows.map { row in
      chapter.words(
        "groups.chartText",
        [
          "name": row.label, "value": NumberText.percent(row.value),
          "interval": NumberText.percentRange(row.lower, row.upper),
        ])
    }.joined(separator: " ")
  }
}
