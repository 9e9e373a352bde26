import Assessments
import Audits
import Statistics

extension Chapter {
  /// How the models answer where inputs are disturbed by nobody's intention.
  var corruptions: Markup {
    let assessed = models.enumerated().compactMap { index, model in
      model.record.assessments.corruptions.map { (index, model.name, $0) }
    }.filter { !$0.2.outcomes.isEmpty }
    guard !assessed.isEmpty else { return .empty }
    let parts = assessed.map { index, name, assessment in
      CorruptionSection(chapter: self, index: index, name: name, assessment: assessment).markup
    }
    return paragraph("corruptions.lead") + parts.joined
  }
}

/// What one model answers to disturbed inputs.
private struct CorruptionSection {
  let chapter: Chapter
  let index: Int
  let name: String
  let assessment: CorruptionAssessment

  private var words: Words { chapter.words }

  var markup: Markup {
    [
      worst, accuracyTable, chapter.paragraph("corruptions.read"),
      "<div class=\"pair\">\(charts)</div>", undefined,
      """
      <details><summary>\(words("corruptions.details"))</summary>
      \(strengthTable)
      \(chapter.paragraph("corruptions.source", ["seed": "\(assessment.seed)"]))
      \(reference)
      \(changedTable)
      </details>
      """,
    ].joined
  }

  private func title(_ outcome: CorruptionAssessment.Outcome) -> String {
    words("corruptions.kind.\(outcome.kind.rawValue)")
  }

  private var worst: Markup {
    guard let worst = assessment.worst, let mean = worst.meanAccuracy,
      let clean = assessment.cleanAccuracy.value, let last = worst.levels.last?.accuracy.value
    else { return .empty }
    return chapter.paragraph(
      "corruptions.worst",
      [
        "model": name, "kind": title(worst), "mean": NumberText.percent(mean),
        "last": NumberText.percent(last), "clean": NumberText.percent(clean),
      ])
  }

  private var severityColumns: [Table.Column] {
    (1...5).map { .init(words("corruptions.severity", ["severity": "\($0)"]), isNumeric: true) }
  }

  private var accuracyTable: Markup {
    let clean = assessment.cleanAccuracy
    return Table(
      words(
        "corruptions.table",
        [
          "model": name, "confidence": NumberText.plain(clean.confidence * 100),
          "count": NumberText.count(clean.count), "method": clean.method,
          "clean": Estimate(interval: clean, isFraction: true).sentence,
        ]),
      columns: [.init(words("corruptions.column"))] + severityColumns
        + [.init(words("corruptions.mean"), isNumeric: true)],
      rows: assessment.outcomes.map { outcome in
        ["\(title(outcome))"]
          + cells(outcome) { Estimate(interval: $0.accuracy, isFraction: true).markup }
          + ["\(outcome.meanAccuracy.map(NumberText.percent) ?? "–")"]
      }
    ).markup
  }

  /// A cell a severity; a dash for one that is missing.
  private func cells(
    _ outcome: CorruptionAssessment.Outcome, _ cell: (CorruptionAssessment.Level) -> Markup
  ) -> [Markup] {
    (1...5).map { severity in
      outcome.levels.first { $0.severity == severity }.map(cell) ?? "–"
    }
  }

  private var strengthTable: Markup {
    Table(
      words("corruptions.strengths"),
      columns: [.init(words("corruptions.column")), .init(words("column.unit"))]
        + severityColumns,
      rows: assessment.outcomes.map { outcome in
        ["\(title(outcome))", "\(words("corruptions.unit.\(outcome.unit.rawValue)"))"]
          + cells(outcome) { "\(CorruptionText.strength($0.strength, outcome.unit))" }
      }
    ).markup
  }

  private var changedTable: Markup {
    Table(
      words("corruptions.changed", ["model": name]),
      columns: [.init(words("corruptions.column"))] + severityColumns,
      rows: assessment.outcomes.map { outcome in
        ["\(title(outcome))"]
          + cells(outcome) { level in
            let confidence = level.meanConfidence.map { NumberText.percent($0) } ?? "–"
            return """
              \(Estimate(interval: level.changed, isFraction: true).markup)\
              <small class="interval">\
              \(words("corruptions.confidence", ["value": confidence]))</small>
              """
          }
      }
    ).markup
  }

  private var reference: Markup {
    let count = NumberText.count(assessment.referenceCount)
    return switch assessment.reference {
    case .training: chapter.paragraph("corruptions.reference.training", ["count": count])
    case .audited: chapter.paragraph("corruptions.reference.audited", ["count": count])
    }
  }

  private var undefined: Markup {
    let count = assessment.outcomes.flatMap(\.levels).reduce(0) { $0 + $1.undefinedCount }
    guard count > 0 else { return .empty }
    return chapter.paragraph("corruptions.undefined", ["count": NumberText.count(count)])
  }

  private var charts: [Markup] {
    CorruptionFamily.allCases.compactMap { family in
      let members = assessment.outcomes.filter { CorruptionFamily($0.kind) == family }
      return members.isEmpty ? nil : chart(family, members)
    }
  }

  /// Accuracy over severity, from the clean accuracy at 0 on.
  private func chart(
    _ family: CorruptionFamily, _ members: [CorruptionAssessment.Outcome]
  ) -> Markup {
    let title = words(
      "corruptions.chart",
      ["model": name, "family": words("corruptions.family.\(family.rawValue)")])
    let clean = assessment.cleanAccuracy.value ?? 0
    let series = members.map { outcome in
      LineChart.Series(
        name: self.title(outcome),
        points: [SIMD2(0, clean)]
          + outcome.levels.map { SIMD2(Double($0.severity), $0.accuracy.value ?? 0) })
    }
    var plot = Plot(
      id: chapter.id("corruptions", "\(index)", family.rawValue), title: title,
      description: description(members), xLabel: words("corruptions.axis"),
      yLabel: words("axis.accuracy"), xValues: 0...5, yValues: 0...1, height: 240)
    plot.xTicks = (0...5).map(Double.init)
    plot.yText = { NumberText.percent($0) }
    return chapter.figure(
      LineChart(plot: plot, series: series).markup, caption: title,
      legend: Legend(names: series.map(\.name)).markup)
  }

  private func description(_ members: [CorruptionAssessment.Outcome]) -> String {
    members.map { outcome in
      let values = outcome.levels.compactMap(\.accuracy.value).map { NumberText.percent($0) }
      return words(
        "corruptions.line",
        ["kind": title(outcome), "values": values.joined(separator: ", ")])
    }.joined(separator: " ")
  }
}

/// Corruptions that share a chart, no more than five.
private enum CorruptionFamily: String, CaseIterable {
  case noise, blur, tone, geometry, recording, signal

  init(_ kind: CorruptionKind) {
    switch kind {
    case .gaussianNoise, .shotNoise, .impulseNoise, .speckleNoise: self = .noise
    case .defocusBlur, .gaussianBlur, .motionBlur, .zoomBlur, .pixelation: self = .blur
    case .contrast, .brightness, .haze, .blockQuantisation: self = .tone
    case .translation, .rotation, .occlusion: self = .geometry
    case .measurementError, .coarseValues, .missingValues, .categoryErrors, .digitSlips:
      self = .recording
    case .jitter, .scaling, .baselineDrift, .signalLoss, .timeShift, .uniformNoise: self = .signal
    }
  }
}

/// Strengths as cells show them.
private enum CorruptionText {
  static func strength(_ value: Double, _ unit: CorruptionUnit) -> String {
    unit.isShare ? NumberText.percent(value) : NumberText.plain(value)
  }
}
