import Audits

extension ComparisonPage {
  /// Each gate over the versions of the second model; nothing where there are too few.
  var history: Markup {
    guard !document.history.isEmpty else { return .empty }
    let parts = document.history.enumerated().map { index, gate in
      "<h3>\(gate.requirement)</h3>" + chart(gate, id: "history-\(index)") + table(gate)
    }
    return paragraph("compare.history.lead", ["model": document.second.model.name]) + parts.joined
  }

  private func chart(_ gate: GateHistory, id: String) -> Markup {
    let values = gate.points.map(\.value)
    guard values.contains(where: { $0 != nil }) else { return .empty }
    let scale = gate.isFraction ? 100.0 : 1
    let title = words("compare.history.chart", ["gate": gate.requirement])
    let chart = HistoryChart(
      id: id, title: title,
      description: values.enumerated().map { position, value in
        "\(position + 1): \(value.map { text($0, gate) } ?? words("verdict.notMeasured"))"
      }.joined(separator: "; "),
      xLabel: words("compare.axis.versions"),
      yLabel: words(gate.isFraction ? "compare.axis.percent" : "axis.value"),
      values: values.map { $0.map { scale * $0 } }, threshold: scale * gate.threshold)
    return "<figure>\(chart.markup)<figcaption>\(title)</figcaption></figure>"
  }

  private func text(_ value: Double, _ gate: GateHistory) -> String {
    gate.isFraction ? NumberText.percent(value) : NumberText.decimal(value)
  }

  private func table(_ gate: GateHistory) -> Markup {
    let limit =
      gate.isFraction ? NumberText.percent(gate.threshold) : NumberText.plain(gate.threshold)
    let table = Table(
      words("compare.history.table", ["gate": gate.requirement]),
      columns: [
        .init(words("compare.number"), isNumeric: true), .init(words("compare.run.run")),
        .init(words("compare.run.started")), .init(words("compare.run.file")),
        .init(words("column.verdict")), .init(words("column.measured"), isNumeric: true),
      ],
      rows: gate.points.enumerated().map { position, point in
        [
          "\(position + 1)", "\(point.run)", "\(NumberText.moment(point.started))",
          "<span class=\"hash\">\(point.sha256)</span>",
          point.verdict.map { VerdictBadge.markup($0, words) } ?? "–", measured(point, gate),
        ]
      })
    return foldable(table, rows: gate.points.count)
      + """
      <p class="small">\(words("column.threshold")): \(gate.isAtLeast ? "≥" : "≤")\u{A0}\
      \(ExactNumber.markup(gate.threshold, limit))</p>
      """
  }

  private func measured(_ point: GateHistory.Point, _ gate: GateHistory) -> Markup {
    let value = ExactNumber.value(point.value, isFraction: gate.isFraction)
    guard let lower = point.lower, let upper = point.upper else { return value }
    return """
      <span class="value">\(value)</span> <small class="interval">\
      \(ExactNumber.value(lower, isFraction: gate.isFraction)) to \
      \(ExactNumber.value(upper, isFraction: gate.isFraction))</small>
      """
  }
}
