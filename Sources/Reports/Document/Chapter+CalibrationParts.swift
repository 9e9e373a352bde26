import Assessments
import Audits
import Statistics

extension Chapter {
  /// What a calibrated model would show, what the Brier scores are made of, and the bins.
  var assessedCalibration: Markup {
    let assessed = models.compactMap { name, record in
      record.assessments.calibration.map { (name: name, calibration: $0) }
    }
    guard !assessed.isEmpty else { return .empty }
    let facts =
      assessed.compactMap { reference($0.name, $0.calibration) }
      + assessed.compactMap { noSkill($0.name, $0.calibration) }
    let bins = assessed.map { binTable($0.name, $0.calibration) }
    return """
      <ul>\(facts)</ul>
      \(decompositionTable(assessed))
      \(bins.joined)
      """
  }

  /// The measured error beside that of a perfectly calibrated model, in a sentence or two.
  private func reference(_ name: String, _ calibration: CalibrationAssessment) -> Markup? {
    guard let reference = calibration.references?.expectedError,
      let value = calibration.expectedError.value
    else { return nil }
    let sentence = words(
      "calibration.reference",
      [
        "model": name, "count": NumberText.count(calibration.sampleCount),
        "mean": NumberText.decimal(reference.mean),
        "quantile": NumberText.decimal(reference.quantile),
        "level": NumberText.plain(100 * reference.level),
        "draws": NumberText.count(reference.draws), "value": NumberText.decimal(value),
        "probability": NumberText.probabilityRelation(reference.probability),
      ])
    let judgement = words(
      reference.probability <= 1 - reference.level ? "calibration.shown" : "calibration.notShown")
    let leftOut =
      calibration.leftOutCount == 0
      ? ""
      : " " + words("calibration.leftOut", ["count": NumberText.count(calibration.leftOutCount)])
    return "<li>\(sentence) \(judgement)\(leftOut)</li>"
  }

  /// That class frequencies alone score better, where they do.
  private func noSkill(_ name: String, _ calibration: CalibrationAssessment) -> Markup? {
    guard let parts = calibration.decomposition, parts.score > parts.uncertainty else { return nil }
    let sentence = words(
      "calibration.noSkill",
      [
        "model": name, "uncertainty": NumberText.decimal(parts.uncertainty),
        "value": NumberText.decimal(parts.score),
      ])
    return "<li>\(sentence)</li>"
  }

  private func decompositionTable(
    _ assessed: [(name: String, calibration: CalibrationAssessment)]
  ) -> Markup {
    let rows = assessed.compactMap { name, calibration -> [Markup]? in
      guard let parts = calibration.decomposition else { return nil }
      return ["\(name)"]
        + [
          parts.reliability, parts.resolution, parts.uncertainty, parts.withinBinVariance,
          parts.withinBinCovariance, parts.score,
        ].map { "\(NumberText.decimal($0))" }
    }
    guard !rows.isEmpty else { return .empty }
    let columns = [
      "reliability", "resolution", "uncertainty", "variance", "covariance", "brier",
    ].map { Table.Column(words("calibration.\($0)"), isNumeric: true) }
    return Table(
      words("calibration.decomposition"), columns: [.init(words("column.model"))] + columns,
      rows: rows
    ).markup + paragraph("calibration.decompositionNote")
  }

  private func binTable(_ name: String, _ calibration: CalibrationAssessment) -> Markup {
    func group(_ key: String, _ bins: [CalibrationAssessment.Bin]) -> Table.Group {
      Table.Group(
        heading: words("calibration.bins.\(key)"),
        rows: bins.filter { $0.count > 0 }.map { bin in
          [
            "\(NumberText.percentRange(bin.lower, bin.upper))",
            "\(NumberText.count(bin.count))",
            "\(bin.confidence.map(NumberText.percent) ?? "–")",
            Estimate(interval: bin.accuracy, isFraction: true).markup,
          ]
        })
    }
    let table = Table(
      words("calibration.bins", ["model": name, "confidence": confidence]),
      columns: [
        .init(words("axis.confidence")), .init(words("column.samples"), isNumeric: true),
        .init(words("calibration.meanConfidence"), isNumeric: true),
        .init(words("axis.accuracy"), isNumeric: true),
      ],
      groups: [group("width", calibration.bins), group("mass", calibration.equalMassBins)])
    return """
      <details><summary>\(words("calibration.binSummary", ["model": name]))</summary>
      \(table.inline.markup)</details>
      """
  }
}
