/// Differences with their intervals, a row each, beside the line of no difference (a forest plot).
struct IntervalChart: Sendable {
  /// What a row's interval says; told apart by colour, dash and marker at once.
  enum Tone: String, CaseIterable, Sendable {
    case undecided, worse, better

    /// That of its place in a legend of all tones.
    var style: SeriesStyle { SeriesStyle(index: Self.allCases.firstIndex(of: self) ?? 0) }
  }

  /// One difference.
  struct Row: Hashable, Sendable {
    var label: String
    var value: Double
    var lower: Double
    var upper: Double
    var tone: Tone
  }

  var id: String
  var title: String
  var description: String
  var xLabel: String
  var rows: [Row]
  /// Where the line of no difference stands.
  var reference = 0.0
  var xText: @Sendable (Double) -> String = { NumberText.plain($0) }

  private static let rowHeight = 38.0
  private static let margin = 18.0

  var plot: Plot {
    let ends = rows.flatMap { [$0.lower, $0.value, $0.upper] }
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: "",
      xValues: LinearScale.rounded(ends, including: [reference]), yValues: 0...1,
      height: Plot.top + Plot.bottom + Self.rowHeight * Double(rows.count))
    // The labels stand above their intervals, so that they may be long.
    plot.x.start = Self.margin
    plot.x.end = plot.width - Self.margin
    plot.xTicks = plot.x.ticks()
    plot.xText = xText
    plot.yTicks = []
    return plot
  }

  var markup: Markup {
    let plot = self.plot
    let lines = rows.indices.map { position in
      plot.rule(at: reference, beside: position, rowHeight: Self.rowHeight)
    }
    return plot.markup(lines + rows.enumerated().map { row($1, position: $0, plot) })
  }

  private func row(_ row: Row, position: Int, _ plot: Plot) -> Markup {
    let top = plot.y.end + Self.rowHeight * Double(position)
    let y = top + 26
    let style = row.tone.style
    return """
      <text class="tick" x="\(plot.x.start)" y="\(top + 13)">\(shortened(row.label))</text>\
      \(style.line([(plot.x(row.lower), y), (plot.x(row.upper), y)]))\
      \(end(plot.x(row.lower), y, style))\(end(plot.x(row.upper), y, style))\
      \(style.marker(atX: plot.x(row.value), y: y))
      """
  }

  /// A short stroke across the end of an interval.
  private func end(_ x: Double, _ y: Double, _ style: SeriesStyle) -> Markup {
    "<polyline class=\"line \(style.name)\" points=\"\(SeriesStyle.points([(x, y - 4), (x, y + 4)]))\"/>"
  }

  /// A label that fits the chart; the table beside it has the whole.
  private func shortened(_ label: String) -> String {
    label.count <= 60 ? label : label.prefix(59) + "…"
  }
}
