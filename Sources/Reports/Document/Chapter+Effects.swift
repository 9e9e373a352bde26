import Assessments
import Audits
import Statistics

extension Chapter {
  /// How answers change with single features: small charts on one scale, and a table.
  func effects(
    _ effects: EffectAssessment, _ name: String, _ record: AuditRecord, _ index: Int
  ) -> Markup {
    guard !effects.features.isEmpty || !effects.constantFeatures.isEmpty else { return .empty }
    let classes = effects.targets.map(record.className)
    let figures = effects.features.enumerated().map { position, effect in
      effectFigure(effect, effects, classes, record, id: id("effect", "\(index)", "\(position)"))
    }
    let constant =
      effects.constantFeatures.isEmpty
      ? Markup.empty
      : paragraph(
        "global.effects.constant",
        ["features": effects.constantFeatures.joined(separator: ", ")])
    return """
      <h4>\(words("global.effects", ["model": name]))</h4>
      \(paragraph("global.effects.lead", ["confidence": confidence]))
      \(classes.count > 1 ? Legend(names: classes).markup : .empty)
      <div class="many">\(figures)</div>
      \(constant)
      \(effects.features.isEmpty ? .empty : effectTable(effects, classes, record))
      """
  }

  private func effectFigure(
    _ effect: FeatureEffect, _ effects: EffectAssessment, _ classes: [String],
    _ record: AuditRecord, id: String
  ) -> Markup {
    let text = EffectText(effect, record.model.input)
    let sentence = effectSentence(effect, effects, classes, text)
    let factor = effects.scale == .probability ? 100.0 : 1
    let chart = EffectChart(
      id: id, title: words("global.effects.chart", ["feature": effect.name]),
      description: sentence, xLabel: text.axis,
      yLabel: words("global.effects.axis.\(effects.scale.rawValue)"), form: text.form,
      points: effect.points, counts: effect.counts, curves: effect.curves.map(curve),
      yValues: effectRange(effects), yText: { NumberText.plain(factor * $0) })
    let key = text.key.map { words("global.effects.levels", ["levels": $0]) } ?? ""
    return figure(chart.markup, caption: key.isEmpty ? sentence : "\(sentence) \(key)")
  }

  private func curve(_ curve: EffectCurve) -> EffectChart.Curve {
    // The confidence of all intervals of the suite.
    let factor = NormalDistribution.quantile(0.975)
    return EffectChart.Curve(
      values: curve.values, margins: curve.standardErrors.map { factor * $0 })
  }

  /// One vertical scale for all features, so that a flat curve is a small effect.
  private func effectRange(_ effects: EffectAssessment) -> ClosedRange<Double> {
    let ends = effects.features.flatMap(\.curves).map(curve).flatMap { curve in
      zip(curve.values, curve.margins).flatMap { [$0 - $1, $0 + $1] }
    }
    return LinearScale.rounded(ends, including: [0])
  }

  /// How far the class that moves most moves, and between which values.
  private func effectSentence(
    _ effect: FeatureEffect, _ effects: EffectAssessment, _ classes: [String], _ text: EffectText
  ) -> String {
    let most = effect.curves.indices.max { effect.curves[$0].span < effect.curves[$1].span } ?? 0
    let values = effect.curves[most].values
    let lowest = values.indices.min { values[$0] < values[$1] } ?? 0
    let highest = values.indices.max { values[$0] < values[$1] } ?? 0
    let span = effect.curves[most].span
    return words(
      "global.effects.\(effect.form.rawValue).\(effects.scale.rawValue)",
      [
        "feature": effect.name, "class": classes[most],
        "from": text.value(0), "to": text.value(effect.points.count - 1),
        "lowest": text.value(lowest), "highest": text.value(highest),
        "span": effects.scale == .probability
          ? NumberText.fixed(100 * span, decimals: 1) : NumberText.decimal(span),
        "fewest": NumberText.count(effect.counts.min() ?? 0),
      ])
  }

  private func effectTable(
    _ effects: EffectAssessment, _ classes: [String], _ record: AuditRecord
  ) -> Markup {
    let groups = effects.features.map { effect in
      let text = EffectText(effect, record.model.input)
      return Table.Group(
        heading: effect.name,
        rows: effect.points.indices.map { point in
          ["\(text.value(point))", "\(count(effect, at: point))"]
            + effect.curves.map { effectCell($0, at: point, effects.scale) }
        })
    }
    let table = Table(
      words("global.effects.table"),
      columns: [.init(words("axis.value")), .init(words("column.samples"), isNumeric: true)]
        + classes.map { .init($0, isNumeric: true) }, groups: groups)
    return """
      <details><summary>\(words("global.effects.summary"))</summary>\(table.excerpt(words).markup)\
      \(paragraph("global.effects.note.\(effects.scale.rawValue)"))</details>
      """
  }

  /// The samples at a level, or between the point before and this one.
  private func count(_ effect: FeatureEffect, at point: Int) -> String {
    switch effect.form {
    case .levels: NumberText.count(effect.counts[point])
    case .intervals: point == 0 ? "–" : NumberText.count(effect.counts[point - 1])
    }
  }

  private func effectCell(
    _ curve: EffectCurve, at point: Int, _ scale: EffectAssessment.Scale
  ) -> Markup {
    let (value, error) = (curve.values[point], curve.standardErrors[point])
    switch scale {
    case .probability:
      return """
        \(NumberText.fixed(100 * value, decimals: 1)) ± \(NumberText.fixed(100 * error, decimals: 1))
        """
    case .logOdds:
      return "\(NumberText.decimal(value)) ± \(NumberText.decimal(error, digits: 2))"
    }
  }
}
