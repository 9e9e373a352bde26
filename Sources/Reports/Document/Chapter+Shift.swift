import Audits
import Images
import Tensors

extension Chapter {
  /// How far explanations move when their samples are attacked.
  func explanationShift() throws -> Markup {
    let shifted = records.contains { record in
      record.explanations.contains { $0.rankCorrelationUnderAttack != nil }
    }
    guard shifted else { return .empty }
    let examples = try models.compactMap { try shiftExample($0.name, $0.record) }
    return paragraph("shift.lead") + shiftTable + examples.joined
  }

  private var shiftTable: Markup {
    let methods = records.flatMap(QualitySummary.all).map(\.method)
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return Table(
      words("shift.table", ["confidence": confidence]),
      columns: [.init(words("column.method"))] + names.map { .init($0, isNumeric: true) },
      rows: methods.map { method in
        ["\(method)"] + records.map { shiftCell($0, method) }
      }
    ).inline.markup
  }

  private func shiftCell(_ record: AuditRecord, _ method: String) -> Markup {
    let values = record.explanations.filter { $0.method == method }
      .compactMap(\.rankCorrelationUnderAttack)
    guard !values.isEmpty else { return "–" }
    if let measure = record.measure(.explanationStability, method: method) {
      return "\(Estimate(measure).markup) <small>n = \(measure.count)</small>"
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return "\(NumberText.decimal(mean)) <small>n = \(values.count)</small>"
  }

  /// The image whose explanation moved most: before, after and the difference on one scale.
  private func shiftExample(_ name: String, _ record: AuditRecord) throws -> Markup? {
    guard record.model.input.layout == .image else { return nil }
    let withdrawn = Set(QualitySummary.all(record).filter(\.isWithdrawn).map(\.method))
    let candidates = record.explanations.filter {
      $0.attackedAttributions?.shape == $0.attributions.shape && $0.attributions.shape.rank == 3
        && $0.rankCorrelationUnderAttack != nil && !withdrawn.contains($0.method)
        && refusal(of: $0) == nil
    }
    let worst = candidates.min {
      ($0.rankCorrelationUnderAttack ?? 1) < ($1.rankCorrelationUnderAttack ?? 1)
    }
    guard let worst, let attacked = worst.attackedAttributions else { return nil }
    let maps = [InputPicture.map(of: worst.attributions), InputPicture.map(of: attacked)]
    var difference = maps[1]
    difference.values = zip(maps[1].values, maps[0].values).map { $0 - $1 }
    return try shiftFigure(maps + [difference], worst, name, record)
  }

  private func shiftFigure(
    _ maps: [Heatmap], _ worst: ExplanationFinding, _ name: String, _ record: AuditRecord
  ) throws -> Markup {
    let scale = HeatmapScale(panels: maps.map(\.values))
    let factor = InputPicture.enlargement(of: record.model.input.shape)
    let panels = try zip(maps, ["panel.cleanMap", "panel.attackedMap", "panel.difference"]).map {
      map, key in
      try EmbeddedPicture.panel(
        map.image(scale, enlargedBy: factor), name: words(key),
        alternative: words("alt.shift", ["panel": words(key), "method": worst.method]))
    }
    let sample = record.predictions.first { $0.sample == worst.sample }?.name ?? "\(worst.sample)"
    let caption = words(
      "shift.caption",
      [
        "model": name, "method": worst.method, "name": sample,
        "correlation": NumberText.decimal(worst.rankCorrelationUnderAttack ?? 0),
      ])
    let bar = try EmbeddedPicture.colourBar(
      scale, unit: unit(of: worst), height: maps[0].height * factor)
    return """
      <figure class="explanation"><span class="panels">\(panels)\(bar)</span>\
      <figcaption>\(caption)</figcaption></figure>
      """
  }
}
