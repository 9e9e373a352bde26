/// How far distributions have moved, a row each, beside the bounds of convention.
struct StabilityChart: Sendable {
  /// One quantity.
  struct Row: Hashable, Sendable {
    var label: String
    var value: Double
    /// What the value is on average without any drift.
    var chance: Double
  }

  var id: String
  var title: String
  var description: String
  var xLabel: String
  var rows: [Row]
  /// Values at which dashed lines stand.
  var bounds: [Double]

  private static let rowHeight = 34.0
  private static let margin = 18.0
  /// Beyond this, bars end at the edge; the number beside the label says how far they would go.
  private static let largest = 1.0

  private var plot: Plot {
    let most = min(Self.largest, rows.map(\.value).max() ?? 0)
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: "",
      xValues: LinearScale.rounded([most], including: [0] + bounds.map { $0 * 1.2 }),
      yValues: 0...1, height: Plot.top + Plot.bottom + Self.rowHeight * Double(rows.count))
    plot.x.start = Self.margin
    plot.x.end = plot.width - Self.margin
    plot.xTicks = plot.x.ticks()
    plot.yTicks = []
    return plot
  }

  var markup: Markup {
    let plot = self.plot
    let lines = bounds.flatMap { bound in
      rows.indices.map { plot.rule(at: bound, beside: $0, rowHeight: Self.rowHeight) }
    }
    return plot.markup(lines + rows.enumerated().map { row($1, position: $0, plot) })
  }

  private func row(_ row: Row, position: Int, _ plot: Plot) -> Markup {
    let top = plot.y.end + Self.rowHeight * Double(position)
    let y = top + 24
    let style = SeriesStyle(index: 0)
    let end = plot.x(min(row.value, plot.x.values.upperBound))
    let chance = plot.x(min(row.chance, plot.x.values.upperBound))
    return """
      <text class="tick" x="\(plot.x.start)" y="\(top + 13)">\(shortened(row.label)): \
      \(NumberText.decimal(row.value))</text>\
      \(style.line([(plot.x(0), y), (end, y)]))\(style.marker(atX: end, y: y))\
      <line class="axis" x1="\(chance)" y1="\(y - 6)" x2="\(chance)" y2="\(y + 6)"/>
      """
  }

  /// A label that fits the chart; the table beside it has the whole.
  private func shortened(_ label: String) -> String {
    label.count <= 50 ? label : label.prefix(49) + "…"
  }
}
