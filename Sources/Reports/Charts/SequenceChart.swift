/// Curves over the positions of a sequence, and optionally attributions as bars from zero.
struct SequenceChart: Sendable {
  var id: String
  var title: String
  var description: String
  var xLabel: String
  var yLabel: String
  /// One value a position each.
  var curves: [[Double]] = []
  /// Signed values a position, drawn as bars.
  var bars: [Double] = []
  /// The value at which a bar reaches the edge; nil: the largest.
  var barScale: Double?

  var markup: Markup {
    let count = max(curves.map(\.count).max() ?? 0, bars.count, 2)
    let values =
      curves.isEmpty
      ? symmetric : LinearScale.rounded(curves.joined().filter(\.isFinite))
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: 0...Double(count - 1), yValues: values, height: bars.isEmpty ? 210 : 170)
    plot.xTicks = plot.xTicks.filter { $0 == $0.rounded() }
    plot.yTicks = plot.y.ticks(3)
    plot.yText = { NumberText.plain($0) }
    let lines = curves.enumerated().map { index, values in
      SeriesStyle(index: index).line(
        values.enumerated().map { (plot.x(Double($0.offset)), plot.y($0.element)) })
    }
    return plot.markup(lines + barMarks(plot, count))
  }

  private var symmetric: ClosedRange<Double> {
    let largest = barScale ?? bars.map(abs).filter(\.isFinite).max() ?? 1
    let scale = largest > 0 ? largest : 1
    return -scale...scale
  }

  private func barMarks(_ plot: Plot, _ count: Int) -> [Markup] {
    guard !bars.isEmpty else { return [] }
    let width = max(1, (plot.x.end - plot.x.start) / Double(count) - 1)
    let zero = plot.y(0)
    let marks = bars.enumerated().filter { $0.element.isFinite }.map { index, value -> Markup in
      let end = max(plot.y.end, min(plot.y.start, plot.y(value)))
      return """
        <rect class="bar \(value < 0 ? "negative" : "positive")" \
        x="\(plot.x(Double(index)) - width / 2)" y="\(min(zero, end))" width="\(width)" \
        height="\(abs(end - zero))"/>
        """
    }
    return marks + [
      """
      <line class="axis" x1="\(plot.x.start)" y1="\(zero)" x2="\(plot.x.end)" y2="\(zero)"/>
      """
    ]
  }
}
