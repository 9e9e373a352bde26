import Audits
import Tensors

extension Chapter {
  /// How many features a table of contributions names before it sums up the rest.
  static let contributionLimit = 10

  /// The features with the largest attributions, each with its value and a signed bar.
  func contributions(
    _ explanation: ExplanationFinding, _ prediction: PredictionFinding, _ record: AuditRecord
  ) -> Markup {
    let values = explanation.attributions.doubles
    let inputs = prediction.input.doubles
    let order = values.indices.sorted { (abs(values[$1]), $0) < (abs(values[$0]), $1) }
    let shown = order.prefix(Self.contributionLimit)
    let largest = shown.first.map { abs(values[$0]) } ?? 1
    var rows = shown.map { index -> [Markup] in
      let feature = FeatureText(record.model.input, index, words)
      return [
        "\(feature.name)", inputs.indices.contains(index) ? "\(feature.text(inputs[index]))" : "–",
        "\(NumberText.signed(values[index]))",
        SignedBar(value: values[index], scale: largest).markup,
      ]
    }
    if order.count > shown.count {
      let rest = order.dropFirst(shown.count).reduce(0) { $0 + values[$1] }
      rows.append([
        "\(words("contributions.rest", ["count": "\(order.count - shown.count)"]))", "",
        "\(NumberText.signed(rest))", SignedBar(value: rest, scale: largest).markup,
      ])
    }
    return Table(
      words("contributions.table", ["unit": unit(of: explanation)]),
      columns: [
        .init(words("column.feature")), .init(words("axis.value"), isNumeric: true),
        .init(words("column.attribution"), isNumeric: true), .init(words("column.direction")),
      ], rows: rows
    ).markup
  }

  /// The channels with the largest attributions over the positions they belong to.
  func sequence(
    _ explanation: ExplanationFinding, _ prediction: PredictionFinding, _ record: AuditRecord,
    id: String
  ) -> Markup {
    let inputs = SequenceChannels(prediction.input, prediction.input, record.model.input).channels
    let attributions = SequenceChannels(
      explanation.attributions, Tensor(zeros: explanation.attributions.shape),
      record.model.input
    ).mostChanged(limit: 2)
    let largest = attributions.map(\.change).max() ?? 1
    return attributions.map { channel -> Markup in
      let curve = SequenceChart(
        id: "\(id)-input-\(channel.index)", title: channel.name,
        description: words("alt.sequence", ["channel": channel.name]),
        xLabel: words("axis.position"), yLabel: channel.unit ?? words("axis.value"),
        curves: [inputs[channel.index].clean])
      let bars = SequenceChart(
        id: "\(id)-map-\(channel.index)", title: channel.name,
        description: words("alt.attributions", ["method": explanation.method]),
        xLabel: words("axis.position"), yLabel: unit(of: explanation), bars: channel.clean,
        barScale: largest)
      return curve.markup + bars.markup
    }.joined
  }

  /// What was explained, from where, how exactly.
  func captionText(_ explanation: ExplanationFinding, _ record: AuditRecord) -> String {
    var parts = [words("caption.target", ["class": record.className(explanation.target)])]
    parts += explanation.parameters.map { "\($0.name) \($0.value)" }
    if let baseline = explanation.baseline {
      parts.append(words("caption.baseline", ["baseline": baseline]))
    }
    if let steps = explanation.steps { parts.append(words("caption.steps", ["steps": "\(steps)"])) }
    if let error = explanation.completenessError, let difference = explanation.outputDifference {
      parts.append(
        words(
          "caption.completeness",
          [
            "error": NumberText.decimal(abs(error), digits: 2),
            "difference": NumberText.signed(difference),
          ]))
    }
    if explanation.attributions.shape.rank == 3 {
      let map = InputPicture.map(of: explanation.attributions)
      let clipped = scale(explanation.method).clippedShare(of: map.values)
      parts.append(words("caption.clipped", ["share": NumberText.percent(clipped)]))
    }
    return parts.joined(separator: " · ")
  }
}
