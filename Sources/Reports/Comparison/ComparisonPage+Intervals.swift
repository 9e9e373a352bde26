import Audits
import Checks
import Tensors

extension ComparisonPage {
  /// Accuracies and gaps, in percentage points.
  var sharesChart: Markup? {
    chart("shares", unit: words("compare.axis.points")) { change in
      change.kind.isFraction ? 100 : nil
    }
  }

  /// Scores without a unit.
  var scoresChart: Markup? {
    chart("scores", unit: words("compare.axis.scores")) { change in
      [.expectedCalibrationError, .brierScore].contains(change.kind) ? 1 : nil
    }
  }

  /// Median distances as shares of the largest radius, so that norms stand side by side.
  var distancesChart: Markup? {
    chart("distances", unit: words("compare.axis.distances")) { change in
      guard change.kind == .medianDistance, let limit = change.epsilon, limit > 0 else {
        return nil
      }
      return 100 / limit
    }
  }

  /// A chart of the measures of the whole model that have a scale.
  private func chart(
    _ key: String, unit: String,
    scale: (RecordComparison.MeasureChange) -> Double?
  ) -> Markup? {
    let rows = comparison.measures.filter(\.isHeadline).compactMap { change in
      scale(change).flatMap { row(change, scale: $0) }
    }
    guard !rows.isEmpty else { return nil }
    let title = words("compare.chart.\(key)", ["first": names[0], "second": names[1]])
    var chart = IntervalChart(
      id: "intervals-\(key)", title: title, description: description(rows), xLabel: unit,
      rows: rows)
    chart.xText = { ($0 > 0 ? "+" : "") + NumberText.plain($0) }
    return "<figure>\(chart.markup)<figcaption>\(title)</figcaption></figure>"
  }

  private func row(
    _ change: RecordComparison.MeasureChange, scale: Double
  ) -> IntervalChart.Row? {
    guard let value = change.difference, let lower = change.lower, let upper = change.upper else {
      return nil
    }
    return IntervalChart.Row(
      label: label(change), value: scale * value, lower: scale * lower, upper: scale * upper,
      tone: tone(change.judgement))
  }

  private func label(_ change: RecordComparison.MeasureChange) -> String {
    let measure = words("measure.\(change.kind.rawValue)")
    let threat = change.norm.map { norm in
      change.kind == .medianDistance
        ? norm.symbol : "\(norm.symbol) \(NumberText.plain(change.epsilon ?? 0))"
    }
    let parts = [change.group, threat ?? ""].filter { !$0.isEmpty }
    return parts.isEmpty ? measure : "\(measure), \(parts.joined(separator: ", "))"
  }

  private func tone(_ judgement: RecordComparison.Judgement) -> IntervalChart.Tone {
    switch judgement {
    case .better: .better
    case .worse: .worse
    case .undecided: .undecided
    }
  }

  /// The chart in words, for who does not see it.
  private func description(_ rows: [IntervalChart.Row]) -> String {
    rows.map { row in
      words(
        "compare.chart.row",
        [
          "measure": row.label, "value": NumberText.signed(row.value),
          "lower": NumberText.signed(row.lower), "upper": NumberText.signed(row.upper),
        ])
    }.joined(separator: " ")
  }
}
