import Audits

extension Chapter {
  /// Whether the explanations can be trusted: their quality beside controls.
  var explanationTrust: Markup {
    guard records.contains(where: { !$0.explanations.isEmpty }) else { return .empty }
    return """
      \(paragraph("trust.lead"))
      \(qualityTable)
      \(paragraph("trust.note"))
      \(withdrawn)
      \(models.enumerated().map { curves($0, $1.name, $1.record) })
      """
  }

  private var qualityTable: Markup {
    Table(
      words("trust.table", ["confidence": confidence]),
      columns: [
        .init(words("column.method")), .init(words("column.figure")),
        .init(words("column.mean"), isNumeric: true),
        .init(words("column.random"), isNumeric: true),
        .init(words("column.randomized"), isNumeric: true),
        .init(words("column.samples"), isNumeric: true), .init(words("column.judgement")),
      ],
      groups: models.map { name, record in
        Table.Group(
          heading: name, rows: QualitySummary.all(record).flatMap { rows($0, record) })
      }
    ).markup
  }

  private func rows(_ summary: QualitySummary, _ record: AuditRecord) -> [[Markup]] {
    let unconverged =
      summary.unconvergedCount == 0
      ? ""
      : words(
        "trust.unconverged",
        ["count": "\(summary.unconvergedCount)", "all": "\(summary.explanationCount)"])
    guard !summary.figures.isEmpty else {
      return [
        [
          "\(summary.method)", "\(words("trust.unmeasured"))", "–", "–", "–",
          "\(summary.explanationCount)", "\(unconverged)",
        ]
      ]
    }
    return summary.figures.map { figure in
      let measure = record.measure(
        .explanationQuality, group: figure.name, method: summary.method)
      let value =
        measure.map { Estimate($0).markup } ?? "\(NumberText.decimal(figure.value))"
      return [
        "\(summary.method)",
        "\(words(figure.isLowGood ? "trust.low" : "trust.high", ["figure": name(of: figure)]))",
        value, "\(NumberText.decimal(figure.random))",
        "\(NumberText.decimal(figure.randomizedModel))", "\(figure.count)",
        judgement(figure) + (unconverged.isEmpty ? "" : "<br/><small>\(unconverged)</small>"),
      ]
    }
  }

  private func name(of figure: QualitySummary.Figure) -> String {
    words.ifKnown("quality.\(figure.name)") ?? figure.name
  }

  private func judgement(_ figure: QualitySummary.Figure) -> Markup {
    figure.beatsRandom
      ? "<span class=\"good\">✓ \(words("trust.better"))</span>"
      : "<span class=\"bad\">✕ \(words("trust.worse"))</span>"
  }

  private var withdrawn: Markup {
    models.flatMap { name, record in
      QualitySummary.all(record).filter(\.isWithdrawn).map { summary -> Markup in
        let text = words("trust.withdrawn", ["model": name, "method": summary.method])
        return "<p class=\"callout\">\(text)</p>"
      }
    }.joined
  }

  private func curves(_ index: Int, _ name: String, _ record: AuditRecord) -> Markup {
    let charts = QualitySummary.all(record).enumerated().flatMap { position, summary in
      summary.figures.filter { !$0.curve.isEmpty }.map {
        chart($0, summary.method, id: id("curve", "\(index)", "\(position)", $0.name))
      }
    }
    guard !charts.isEmpty else { return .empty }
    let legend = Legend(
      names: [
        words("trust.thisMethod"), words("trust.randomCurve"), words("trust.randomizedCurve"),
      ])
    return """
      <details><summary>\(words("trust.curves", ["model": name]))</summary>
      \(legend.markup)<div class="many">\(charts)</div></details>
      """
  }

  private func chart(_ figure: QualitySummary.Figure, _ method: String, id: String) -> Markup {
    let title = words("trust.curve", ["method": method, "figure": name(of: figure)])
    var plot = Plot(
      id: id, title: title,
      description: words(
        "trust.curveDescription",
        [
          "value": NumberText.decimal(figure.value), "random": NumberText.decimal(figure.random),
          "randomized": NumberText.decimal(figure.randomizedModel),
        ]),
      xLabel: words("trust.fraction.\(figure.isLowGood ? "removed" : "restored")"),
      yLabel: words("axis.probability"), xValues: 0...1, yValues: 0...1, width: 330, height: 230)
    plot.xTicks = [0, 0.5, 1]
    plot.xText = { NumberText.fixed(100 * $0, decimals: 0) + "\u{A0}%" }
    plot.yTicks = [0, 0.5, 1]
    let curves = [figure.curve, figure.randomCurve, figure.randomizedModelCurve].map { curve in
      LineChart.Series(
        name: "", points: zip(figure.fractions, curve).map { SIMD2($0, $1) }, style: nil)
    }
    return self.figure(LineChart(plot: plot, series: curves).markup, caption: title)
  }
}
