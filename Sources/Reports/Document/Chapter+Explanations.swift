import Audits
import Images
import Tensors

extension Chapter {
  /// Explanations of single samples, chosen by a stated rule.
  func explanations() throws -> Markup {
    let parts = try models.enumerated().compactMap { index, model -> Markup? in
      let withdrawn = Set(
        QualitySummary.all(model.record).filter(\.isWithdrawn).map(\.method))
      let cases = ExplanationCases(model.record).cases
      guard !cases.isEmpty else { return nil }
      let articles = try cases.enumerated().map { position, example in
        try article(
          example, model.record, without: withdrawn,
          id: id("example", "\(index)", "\(position)"))
      }
      return "<h4>\(words("explanations.heading", ["model": model.name]))</h4>\(articles)"
    }
    guard !parts.isEmpty else { return .empty }
    let layout = records[0].model.input.layout
    return [paragraph("explanations.lead"), paragraph("explanations.scale.\(layout.rawValue)")]
      .joined
      + parts.joined
  }

  private func article(
    _ example: ExplanationCases.Case, _ record: AuditRecord, without withdrawn: Set<String>,
    id: String
  ) throws -> Markup {
    let shown = example.explanations.filter { !withdrawn.contains($0.method) }
    let figures = try shown.enumerated().map { index, explanation in
      try figure(
        of: explanation, example.prediction, record, scale: scale(explanation.method),
        id: "\(id)-\(index)")
    }
    let heading = words(
      "explanations.case.\(example.reason.rawValue)",
      [
        "name": example.prediction.name, "class": record.className(example.prediction.label),
        "taken": record.className(example.prediction.predicted),
        "confidence": NumberText.percent(Double(example.prediction.probabilities.max() ?? 0)),
      ])
    return """
      <article class="example"><h5>\(heading)</h5><div class="examples">\(figures)</div></article>
      """
  }

  /// One scale per method for all samples and models of the chapter that are shown.
  func scale(_ method: String) -> HeatmapScale {
    let panels = records.flatMap { record in
      ExplanationCases(record).cases.flatMap(\.explanations)
        .filter { $0.method == method && $0.isConverged }.map { explanation in
          explanation.attributions.shape.rank == 3
            ? InputPicture.map(of: explanation.attributions).values
            : explanation.attributions.doubles
        }
    }
    return HeatmapScale(panels: panels)
  }

  /// An explanation with its caption, or why it is not drawn.
  func figure(
    of explanation: ExplanationFinding, _ prediction: PredictionFinding, _ record: AuditRecord,
    scale: HeatmapScale, id: String
  ) throws -> Markup {
    let body: Markup
    if record.model.input.layout == .image, explanation.attributions.shape.rank == 3 {
      body = try panels(explanation, prediction, record, scale)
    } else if let reason = refusal(of: explanation) {
      body = "<span class=\"panels\">\(EmbeddedPicture.neutral(reason: reason, name: ""))</span>"
    } else if record.model.input.layout == .sequence {
      body = sequence(explanation, prediction, record, id: id)
    } else {
      body = contributions(explanation, prediction, record)
    }
    return """
      <figure class="explanation"><figcaption><b>\(explanation.method)</b> \
      <small>\(captionText(explanation, record))</small></figcaption>\(body)</figure>
      """
  }

  /// Why an explanation is not drawn, in words; nil if it may be.
  func refusal(of explanation: ExplanationFinding) -> String? {
    guard explanation.isConverged else { return words("refusal.notConverged") }
    let values =
      explanation.attributions.shape.rank == 3
      ? InputPicture.map(of: explanation.attributions).values : explanation.attributions.doubles
    switch HeatmapScale.refusal(of: values) {
    case .notFinite: return words("refusal.notFinite")
    case .zero: return words("refusal.zero")
    case .negligible(let largest):
      return words(
        "refusal.negligible",
        ["largest": NumberText.decimal(largest), "floor": NumberText.plain(HeatmapScale.floor)])
    case .notConverged: return words("refusal.notConverged")
    case nil: return nil
    }
  }

  private func panels(
    _ explanation: ExplanationFinding, _ prediction: PredictionFinding, _ record: AuditRecord,
    _ scale: HeatmapScale
  ) throws -> Markup {
    let factor = InputPicture.enlargement(of: record.model.input.shape)
    let input = InputPicture.image(of: prediction.input, record.model.input)
    let first = try EmbeddedPicture.panel(
      input.enlarged(by: factor), name: words("panel.input"),
      alternative: words(
        "alt.clean", ["name": prediction.name, "class": record.className(prediction.label)]))
    if let reason = refusal(of: explanation) {
      let neutral = EmbeddedPicture.neutral(reason: reason, name: words("panel.map"))
      return "<span class=\"panels\">\(first)\(neutral)</span>"
    }
    let map = InputPicture.map(of: explanation.attributions)
    return """
      <span class="panels">\(first)\
      \(try EmbeddedPicture.panel(
        map.image(scale, enlargedBy: factor), name: words("panel.map"),
        alternative: alternative(map, explanation)))\
      \(try EmbeddedPicture.colourBar(
        scale, unit: unit(of: explanation), height: map.height * factor))\
      \(try EmbeddedPicture.panel(
        map.overlay(on: input, scale, enlargedBy: factor), name: words("panel.overlay"),
        alternative: words("alt.overlay", ["method": explanation.method])))</span>
      """
  }

  private func alternative(_ map: Heatmap, _ explanation: ExplanationFinding) -> String {
    let strongest = map.values.indices.max { abs(map.values[$0]) < abs(map.values[$1]) } ?? 0
    return words(
      "alt.map",
      [
        "method": explanation.method, "value": NumberText.signed(map.values[strongest]),
        "row": "\(strongest / max(map.width, 1))", "column": "\(strongest % max(map.width, 1))",
      ])
  }

  /// What attributions are measured in: gradients per unit of input, contributions in logits.
  func unit(of explanation: ExplanationFinding) -> String {
    let gradients = ["saliency", "smoothgrad", "guided-backpropagation"]
    return words(gradients.contains(explanation.method) ? "unit.gradient" : "unit.logit")
  }
}
