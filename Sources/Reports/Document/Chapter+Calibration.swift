import Assessments
import Audits
import Statistics

extension Chapter {
  /// Whether the probabilities that the models state can be believed.
  var calibration: Markup {
    guard records.contains(where: { !$0.predictions.isEmpty }) else { return .empty }
    let charts = models.enumerated().map { index, model in
      reliability(index, model.name, model.record)
    }
    let withoutAssessment = models.filter { $0.record.assessments.calibration == nil }
    let older = withoutAssessment.map { paragraph("calibration.older", ["model": $0.name]) }
    return """
      \(paragraph("calibration.lead"))
      <div class="pair">\(charts)</div>
      \(older.joined)
      \(calibrationTable)
      \(paragraph("calibration.note"))
      \(assessedCalibration)
      """
  }

  private func reliability(_ index: Int, _ name: String, _ record: AuditRecord) -> Markup {
    let bins =
      record.assessments.calibration?.bins.map { ReliabilityChart.Bin($0) }
      ?? record.calibration.bins.map { ReliabilityChart.Bin($0) }
    let filled = bins.compactMap { bin -> String? in
      guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return nil }
      return words(
        "calibration.bin",
        [
          "confidence": NumberText.percent(confidence),
          "accuracy": NumberText.percent(accuracy), "count": NumberText.count(bin.count),
        ])
    }
    let title = words("calibration.chart", ["model": name])
    let chart = ReliabilityChart(
      id: id("reliability", "\(index)"), title: title,
      description: filled.joined(separator: " "), xLabel: words("axis.confidence"),
      yLabel: words("axis.accuracy"), bins: bins)
    return figure(chart.markup, caption: title)
  }

  private var calibrationTable: Markup {
    let columns =
      ["error", "equalMass", "maximum", "brier", "logLoss"].map { key in
        Table.Column(words("calibration.\(key)"), isNumeric: true)
      }
    return Table(
      words("calibration.table", ["confidence": confidence]),
      columns: [.init(words("column.model"))] + columns,
      rows: models.map { ["\($0.name)"] + scores($0.record) }
    ).markup
  }

  /// What was assessed; of a record without assessment the two measures that it has.
  private func scores(_ record: AuditRecord) -> [Markup] {
    guard let assessment = record.assessments.calibration else {
      return [
        Estimate(record.measure(.expectedCalibrationError)).markup, "–", "–",
        Estimate(record.measure(.brierScore)).markup, "–",
      ]
    }
    return [
      assessment.expectedError, assessment.equalMassError, assessment.maximumError,
      assessment.brierScore, assessment.logLoss,
    ].map { Estimate(interval: $0, isFraction: false).markup }
  }
}
