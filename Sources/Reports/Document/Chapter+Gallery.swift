import Audits
import Images
import Tensors

extension Chapter {
  /// How many cases a gallery shows.
  static let galleryLimit = 4

  /// The closest verified breaks of each model under each norm.
  func gallery() throws -> Markup {
    let parts = try models.enumerated().flatMap { index, model in
      try norms.compactMap { try gallery(index, model.name, model.record, $0) }
    }
    guard !parts.isEmpty else { return .empty }
    let lead = paragraph("gallery.lead", ["limit": "\(Self.galleryLimit)"])
    let isImage = records[0].model.input.layout == .image
    return lead + (isImage ? paragraph("gallery.scale") : .empty) + parts.joined
  }

  private func gallery(
    _ index: Int, _ name: String, _ record: AuditRecord, _ norm: Norm
  ) throws -> Markup? {
    let worst = WorstCases(record, norm: norm, limit: Self.galleryLimit).cases
    guard !worst.isEmpty else { return nil }
    let differences = worst.map { Triptych.differences($0.prediction.input, $0.perturbed) }
    // One scale for all cases of the gallery, so that strengths can be compared.
    let scale = HeatmapScale(panels: differences.map(\.values))
    let cases = try worst.enumerated().map { position, worst -> Markup in
      let body = try evidence(
        worst, record, scale, id: id("case", "\(index)", norm.rawValue, "\(position)"))
      let text = captionText(worst, record, norm)
      return "<li class=\"case\">\(body)<p class=\"case-caption\">\(text)</p></li>"
    }
    let heading = words("gallery.heading", ["model": name, "norm": norm.symbol])
    return "<h4>\(heading)</h4><ol class=\"cases\">\(cases)</ol>"
  }

  /// What an attack changed, as the layout of the input shows it best.
  func evidence(
    _ worst: WorstCases.Case, _ record: AuditRecord, _ scale: HeatmapScale, id: String
  ) throws -> Markup {
    switch record.model.input.layout {
    case .image: try triptych(worst, record, scale)
    case .table: changeTable(worst, record)
    case .sequence: sequenceCharts(worst, record, id: id)
    case .array: changeTable(worst, record)
    }
  }

  private func triptych(
    _ worst: WorstCases.Case, _ record: AuditRecord, _ scale: HeatmapScale
  ) throws -> Markup {
    let panels = Triptych(
      clean: worst.prediction.input, perturbed: worst.perturbed, record.model.input, scale: scale)
    let clean = record.className(worst.prediction.label)
    let taken = record.className(worst.finding.predicted)
    return """
      <span class="panels">\
      \(try EmbeddedPicture.panel(
        panels.clean, name: words("panel.clean"),
        alternative: words("alt.clean", ["name": worst.prediction.name, "class": clean])))\
      \(try EmbeddedPicture.panel(
        panels.perturbed, name: words("panel.perturbed"),
        alternative: words("alt.perturbed", ["name": worst.prediction.name, "class": taken])))\
      \(try EmbeddedPicture.panel(
        panels.difference, name: words("panel.difference"),
        alternative: words(
          "alt.difference",
          ["name": worst.prediction.name, "scale": NumberText.decimal(scale.value)])))\
      \(try EmbeddedPicture.colourBar(
        scale, unit: words("panel.inputUnits"), height: panels.difference.height))\
      </span>
      """
  }

  /// The features that were changed, in their units.
  private func changeTable(_ worst: WorstCases.Case, _ record: AuditRecord) -> Markup {
    let before = worst.prediction.input.doubles
    let after = worst.perturbed.doubles
    let changed = before.indices.filter { before[$0] != after[$0] }
    let rows = changed.prefix(12).map { index -> [Markup] in
      let value = FeatureText(record.model.input, index, words)
      return [
        "\(value.name)", "\(value.text(before[index]))", "\(value.text(after[index]))",
        "\(value.change(from: before[index], to: after[index]))",
      ]
    }
    let table = Table(
      words("gallery.changes", ["name": worst.prediction.name]),
      columns: [
        .init(words("column.feature")), .init(words("panel.clean"), isNumeric: true),
        .init(words("panel.perturbed"), isNumeric: true),
        .init(words("column.change"), isNumeric: true),
      ], rows: Array(rows))
    let rest = words("gallery.unchanged", ["count": "\(before.count - changed.count)"])
    let hidden =
      changed.count > rows.count
      ? words("gallery.hidden", ["count": "\(changed.count - rows.count)"]) : ""
    return table.markup + "<p class=\"small\">\(rest) \(hidden)</p>"
  }

  /// Before and after, the channels that changed most.
  private func sequenceCharts(
    _ worst: WorstCases.Case, _ record: AuditRecord, id: String
  ) -> Markup {
    let charts = SequenceChannels(worst.prediction.input, worst.perturbed, record.model.input)
      .mostChanged(limit: 3)
    let drawings = charts.map { channel in
      SequenceChart(
        id: "\(id)-\(channel.index)", title: channel.name,
        description: words("gallery.sequence", ["channel": channel.name]),
        xLabel: words("axis.position"), yLabel: channel.unit ?? words("axis.value"),
        curves: [channel.clean, channel.perturbed]
      ).markup
    }
    let legend = Legend(names: [words("panel.clean"), words("panel.perturbed")])
    return "<div class=\"sequences\">\(drawings)</div>\(legend.markup)"
  }

  /// What the caption of a break says, in the page and in files.
  func captionText(_ worst: WorstCases.Case, _ record: AuditRecord, _ norm: Norm) -> String {
    let finding = worst.finding
    func probability(_ values: [Float], _ index: Int) -> String {
      values.indices.contains(index) ? NumberText.percent(Double(values[index])) : "–"
    }
    return words(
      "gallery.caption",
      [
        "name": worst.prediction.name, "class": record.className(worst.prediction.label),
        "before": probability(worst.prediction.probabilities, worst.prediction.predicted),
        "taken": record.className(finding.predicted),
        "after": probability(finding.probabilities, finding.predicted),
        "distance": NumberText.decimal(finding.distance), "norm": norm.symbol,
        "attack": finding.attack, "epsilon": NumberText.plain(finding.epsilon),
      ])
  }
}
