import Audits
import Statistics

extension Chapter {
  /// Whether the probabilities that the models state can be believed.
  var calibration: Markup {
    guard records.contains(where: { !$0.predictions.isEmpty }) else { return .empty }
    let charts = models.enumerated().map { index, model in
      reliability(index, model.name, model.record)
    }
    return """
      \(paragraph("calibration.lead"))
      <div class="pair">\(charts)</div>
      \(calibrationTable)
      """
  }

  private func reliability(_ index: Int, _ name: String, _ record: AuditRecord) -> Markup {
    let calibration = record.calibration
    let filled = calibration.bins.filter { $0.count > 0 }.map { bin in
      words(
        "calibration.bin",
        [
          "confidence": NumberText.percent(bin.confidence),
          "accuracy": NumberText.percent(bin.accuracy), "count": NumberText.count(bin.count),
        ])
    }
    let title = words("calibration.chart", ["model": name])
    let chart = ReliabilityChart(
      id: id("reliability", "\(index)"), title: title,
      description: filled.joined(separator: " "), xLabel: words("axis.confidence"),
      yLabel: words("axis.accuracy"), calibration: calibration)
    return figure(chart.markup, caption: title)
  }

  private var calibrationTable: Markup {
    Table(
      words("calibration.table", ["confidence": confidence]),
      columns: [
        .init(words("column.model")),
        .init(words("calibration.error"), isNumeric: true),
        .init(words("calibration.brier"), isNumeric: true),
      ],
      rows: models.map { name, record in
        [
          "\(name)", Estimate(record.measure(.expectedCalibrationError)).markup,
          Estimate(record.measure(.brierScore)).markup,
        ]
      }
    ).inline.markup + paragraph("calibration.note")
  }
}
