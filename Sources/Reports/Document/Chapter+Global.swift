import Assessments
import Audits
import Statistics

extension Chapter {
  /// What the models rely on, and in which direction features move their answers.
  var global: Markup {
    let parts = models.enumerated().compactMap { index, model -> Markup? in
      let (name, record) = model
      let importance = record.assessments.importance.map {
        self.importance($0, name, record, index)
      }
      let effects = record.assessments.effects.map { self.effects($0, name, record, index) }
      let body = [importance, effects].compactMap { $0 }
      return body.isEmpty ? nil : body.joined
    }
    return parts.isEmpty ? .empty : paragraph("global.lead") + parts.joined
  }

  private func importance(
    _ importance: ImportanceAssessment, _ name: String, _ record: AuditRecord, _ index: Int
  ) -> Markup {
    let chart = importanceChart(importance, name, index)
    let tones = IntervalChart.Tone.allCases.map { words("global.tone.\($0.rawValue)") }
    let caption = words(
      "global.chart.caption",
      [
        "shown": NumberText.count(chart.rows.count),
        "count": NumberText.count(importance.parts.count), "confidence": confidence,
      ])
    return """
      <h4>\(words("global.importance", ["model": name]))</h4>
      \(protectedFeatures(importance, name, record))
      \(figure(chart.markup, caption: caption, legend: Legend(names: tones).markup))
      \(paragraph(
        "global.unclear",
        [
          "unclear": NumberText.count(importance.unclearCount),
          "count": NumberText.count(importance.parts.count),
        ]))
      \(importanceGroups(importance, name))
      \(importanceTable(importance, name))
      \(importanceMethod(importance))
      """
  }

  /// How many parts the chart shows; the table has all.
  private static let importanceLimit = 15

  private func importanceChart(
    _ importance: ImportanceAssessment, _ name: String, _ index: Int
  ) -> IntervalChart {
    let rows = importance.order.prefix(Self.importanceLimit).map { position in
      let part = importance.parts[position]
      let loss = part.loss
      return IntervalChart.Row(
        label: partName(part), value: loss.mean, lower: loss.estimate.lower ?? loss.mean,
        upper: loss.estimate.upper ?? loss.mean,
        tone: loss.includesZero ? .undecided : (loss.mean > 0 ? .worse : .better))
    }
    let description = rows.map { row in
      words(
        "global.row",
        [
          "name": row.label, "value": NumberText.signed(row.value),
          "lower": NumberText.signed(row.lower), "upper": NumberText.signed(row.upper),
        ])
    }
    return IntervalChart(
      id: id("importance", "\(index)"), title: words("global.chart", ["model": name]),
      description: description.joined(separator: " "), xLabel: words("global.axis.loss"),
      rows: rows)
  }

  /// A part as a reader should see it: a feature's or channel's name, a patch's place.
  func partName(_ part: PartImportance) -> String {
    guard let area = part.area else { return part.name }
    return words(
      "global.patch",
      [
        "top": "\(area.row + 1)", "bottom": "\(area.row + area.height)",
        "left": "\(area.column + 1)", "right": "\(area.column + area.width)",
      ])
  }

  /// A sentence for each protected attribute that the model sees.
  private func protectedFeatures(
    _ importance: ImportanceAssessment, _ name: String, _ record: AuditRecord
  ) -> Markup {
    let names =
      record.predictions.flatMap(\.groups).map(\.name)
      + (record.assessments.reasonCodes?.protectedFeatures ?? [])
    let attributes = Set(names.map { $0.lowercased() })
    let order = importance.order
    let found = importance.parts.indices.filter {
      importance.parts[$0].kind == .feature
        && attributes.contains(importance.parts[$0].name.lowercased())
    }
    return found.map { position -> Markup in
      let part = importance.parts[position]
      let isRelied = (part.loss.estimate.lower ?? 0) > 0
      let sentence = words(
        isRelied ? "global.protected.relied" : "global.protected.unclear",
        [
          "feature": part.name, "model": name, "value": NumberText.signed(part.loss.mean),
          "rank": "\((order.firstIndex(of: position) ?? 0) + 1)",
          "count": NumberText.count(importance.parts.count),
        ])
      return isRelied ? "<p class=\"callout\">\(sentence)</p>" : "<p>\(sentence)</p>"
    }.joined
  }

  private func importanceMethod(_ importance: ImportanceAssessment) -> Markup {
    let method = words(
      "global.method",
      [
        "loss": NumberText.decimal(importance.logLoss),
        "accuracy": NumberText.percent(importance.accuracy),
        "n": NumberText.count(importance.count),
        "repeats": NumberText.count(importance.repeats), "seed": "\(importance.seed)",
      ])
    let kinds = Set(importance.parts.map(\.kind))
    let pictures = kinds.contains(.patch) ? paragraph("global.patches") : Markup.empty
    return "\(pictures)<p class=\"small\">\(method)</p>"
  }
}
