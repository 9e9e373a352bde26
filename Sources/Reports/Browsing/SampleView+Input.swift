import Audits
import Images
import Tensors

extension SampleView {
  /// The sample as the model sees it: a picture, a table of features, or curves.
  ///
  /// - Throws: an error where a picture cannot be written.
  package func input() throws -> Markup {
    switch record.model.input.layout {
    case .image where prediction.input.shape.rank == 3: try picture()
    case .sequence where prediction.input.shape.rank == 2: curves
    case .image, .table, .sequence, .array: values
    }
  }

  private func picture() throws -> Markup {
    let specification = record.model.input
    let image = InputPicture.image(of: prediction.input, specification)
      .enlarged(by: InputPicture.enlargement(of: specification.shape))
    let panel = try EmbeddedPicture.panel(
      image, name: words("panel.input"),
      alternative: words(
        "alt.clean", ["name": prediction.name, "class": record.className(prediction.label)]))
    return "<span class=\"panels\">\(panel)</span>"
  }

  /// How many channels and values are shown; the rest is counted.
  private static let channelLimit = 8
  private static let valueLimit = 250

  private var curves: Markup {
    let all = SequenceChannels(prediction.input, prediction.input, record.model.input).channels
    let charts = all.prefix(Self.channelLimit).map { channel in
      SequenceChart(
        id: "input-\(channel.index)", title: channel.name,
        description: words("alt.sequence", ["channel": channel.name]),
        xLabel: words("axis.position"), yLabel: channel.unit ?? words("axis.value"),
        curves: [channel.clean]
      ).markup
    }
    return "<div class=\"sequences\">\(charts)</div>\(rest(all.count - charts.count))"
  }

  private var values: Markup {
    let values = prediction.input.doubles
    let rows = values.prefix(Self.valueLimit).enumerated().map { index, value -> [Markup] in
      let feature = FeatureText(record.model.input, index)
      return ["\(feature.name)", "\(feature.text(value))"]
    }
    let table = Table(
      words("serve.sample.features"),
      columns: [.init(words("column.feature")), .init(words("axis.value"), isNumeric: true)],
      rows: rows)
    return table.markup + rest(values.count - rows.count)
  }

  private func rest(_ count: Int) -> Markup {
    guard count > 0 else { return .empty }
    let text = words("serve.sample.hidden", ["count": NumberText.count(count)])
    return "<p class=\"small\">\(text)</p>"
  }
}
