/// Several curves over one axis: deletion and insertion with their controls, calibration, sequences.
struct LineChart: Sendable {
  /// One curve.
  struct Series: Hashable, Sendable {
    var name: String
    var points: [SIMD2<Double>]
    /// The style's index; nil: its position in the chart.
    var style: Int?
  }

  var plot: Plot
  var series: [Series]
  /// Whether points get markers besides the line; about ten of them, however many points there are.
  var hasMarkers = true

  var markup: Markup {
    plot.markup(series.enumerated().map { curve($1, SeriesStyle(index: $1.style ?? $0)) })
  }

  private func curve(_ series: Series, _ style: SeriesStyle) -> Markup {
    let points = series.points.map { (plot.x($0.x), plot.y($0.y)) }
    guard hasMarkers else { return style.line(points) }
    let spacing = max(1, points.count / 10)
    let marked = points.enumerated().filter { $0.offset % spacing == 0 }.map(\.element)
    return style.line(points) + marked.map { style.marker(atX: $0.0, y: $0.1, radius: 3) }.joined
  }
}
