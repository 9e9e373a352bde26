/// The frame of a chart: a drawing with axes, grid, title and description.
struct Plot: Sendable {
  /// Unique within the document: names the title and description for screen readers.
  var id: String
  var title: String
  var description: String
  var xLabel: String
  var yLabel: String
  var width = 440.0
  var height = 280.0
  var x: LinearScale
  var y: LinearScale
  var xTicks: [Double]
  var yTicks: [Double]
  var yText: @Sendable (Double) -> String = NumberText.plain
  var xText: @Sendable (Double) -> String = NumberText.plain

  static let left = 58.0
  static let right = 14.0
  static let top = 12.0
  static let bottom = 46.0
  /// The characters of a label that fit beside an axis; the page's text has the whole.
  private static let labelLimit = 56

  init(
    id: String, title: String, description: String, xLabel: String, yLabel: String,
    xValues: ClosedRange<Double>, yValues: ClosedRange<Double>, width: Double = 440,
    height: Double = 280
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.width = width
    self.height = height
    x = LinearScale(values: xValues, start: Self.left, end: width - Self.right)
    y = LinearScale(values: yValues, start: height - Self.bottom, end: Self.top)
    xTicks = x.ticks()
    yTicks = y.ticks()
  }

  /// The drawing with the given layers over the grid.
  func markup(_ layers: [Markup]) -> Markup {
    """
    <svg class="chart" role="img" viewBox="0 0 \(width) \(height)" \
    aria-labelledby="\(id)-title \(id)-description">
    <title id="\(id)-title">\(title)</title>
    <desc id="\(id)-description">\(description)</desc>
    \(grid)
    \(layers)
    \(axes)
    </svg>
    """
  }

  /// A dashed line at a value, beside a row's mark but not through the label above it.
  func rule(at value: Double, beside row: Int, rowHeight: Double) -> Markup {
    let top = y.end + rowHeight * Double(row)
    return """
      <line class="ideal" x1="\(x(value))" y1="\(top + 17)" x2="\(x(value))" \
      y2="\(top + rowHeight)"/>
      """
  }

  private var grid: Markup {
    yTicks.map { value -> Markup in
      """
      <line class="grid" x1="\(x.start)" y1="\(y(value))" x2="\(x.end)" y2="\(y(value))"/>\
      <text class="tick" x="\(x.start - 8)" y="\(y(value) + 4)" text-anchor="end">\
      \(yText(value))</text>
      """
    }.joined
  }

  private var axes: Markup {
    let ticks = xTicks.map { value -> Markup in
      """
      <line class="axis" x1="\(x(value))" y1="\(y.start)" x2="\(x(value))" y2="\(y.start + 5)"/>\
      <text class="tick" x="\(x(value))" y="\(y.start + 19)" text-anchor="middle">\
      \(xText(value))</text>
      """
    }
    let middle = (y.start + y.end) / 2
    return """
      <line class="axis" x1="\(x.start)" y1="\(y.start)" x2="\(x.end)" y2="\(y.start)"/>
      \(ticks)
      <text class="label" x="\((x.start + x.end) / 2)" y="\(height - 6)" text-anchor="middle">\
      \(DisplayText.line(xLabel, limit: Self.labelLimit))</text>
      <text class="label" transform="translate(13 \(middle)) rotate(-90)" text-anchor="middle">\
      \(DisplayText.line(yLabel, limit: Self.labelLimit))</text>
      """
  }
}
