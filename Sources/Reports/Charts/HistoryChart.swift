/// One figure over the versions of a model, broken where it was not measured, and its threshold.
struct HistoryChart: Sendable {
  var id: String
  var title: String
  var description: String
  var xLabel: String
  var yLabel: String
  /// A version each, oldest first; nil where it was not measured.
  var values: [Double?]
  var threshold: Double
  var yText: @Sendable (Double) -> String = { NumberText.plain($0) }

  var plot: Plot {
    let finite = values.compactMap { $0 }.filter(\.isFinite)
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: 1...Double(max(values.count, 2)),
      yValues: LinearScale.rounded(finite, including: [threshold]), height: 220)
    plot.xTicks = plot.xTicks.filter { $0 == $0.rounded() }
    plot.yTicks = plot.y.ticks(4)
    plot.yText = yText
    return plot
  }

  var markup: Markup {
    let plot = self.plot
    let limit: Markup = """
      <line class="ideal" x1="\(plot.x.start)" y1="\(plot.y(threshold))" x2="\(plot.x.end)" \
      y2="\(plot.y(threshold))"/>
      """
    let style = SeriesStyle(index: 0)
    let curves = segments.map { points -> Markup in
      let places = points.map { (plot.x($0.x), plot.y($0.y)) }
      return style.line(places) + places.map { style.marker(atX: $0.0, y: $0.1) }.joined
    }
    return plot.markup([limit] + curves)
  }

  /// The measured values with their positions from 1 on, a list for each stretch without a gap.
  var segments: [[SIMD2<Double>]] {
    var segments: [[SIMD2<Double>]] = []
    var isOpen = false
    for (position, value) in values.enumerated() {
      guard let value, value.isFinite else {
        isOpen = false
        continue
      }
      if !isOpen { segments.append([]) }
      segments[segments.count - 1].append([Double(position + 1), value])
      isOpen = true
    }
    return segments
  }
}
