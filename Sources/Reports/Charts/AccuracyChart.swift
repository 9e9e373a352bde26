/// Accuracy against ε under one norm, a line with its confidence band a model.
struct AccuracyChart: Sendable {
  /// One ε of one model; the first point is usually ε = 0, the clean accuracy.
  struct Point: Hashable, Sendable {
    var epsilon: Double
    var value: Double
    var lower: Double?
    var upper: Double?
  }

  /// One model's points, by ascending ε.
  struct Series: Hashable, Sendable {
    var name: String
    var points: [Point]
  }

  var id: String
  var title: String
  var description: String
  var xLabel: String
  var yLabel: String
  var series: [Series]

  var plot: Plot {
    let largest = series.flatMap(\.points).map(\.epsilon).max() ?? 1
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: 0...max(largest, .leastNormalMagnitude), yValues: 0...1)
    plot.yTicks = [0, 0.25, 0.5, 0.75, 1]
    plot.yText = { NumberText.fixed(100 * $0, decimals: 0) + "\u{A0}%" }
    return plot
  }

  var markup: Markup {
    let plot = self.plot
    let bands = series.enumerated().map { band($1, SeriesStyle(index: $0), plot) }
    let lines = series.enumerated().map { line($1, SeriesStyle(index: $0), plot) }
    return plot.markup(bands + lines)
  }

  private func band(_ series: Series, _ style: SeriesStyle, _ plot: Plot) -> Markup {
    let points = series.points.filter { $0.lower != nil && $0.upper != nil }
    let upper = points.map { (plot.x($0.epsilon), plot.y($0.upper ?? $0.value)) }
    let lower = points.map { (plot.x($0.epsilon), plot.y($0.lower ?? $0.value)) }
    return
      "<polygon class=\"band \(style.name)\" points=\"\(SeriesStyle.points(upper + lower.reversed()))\"/>"
  }

  private func line(_ series: Series, _ style: SeriesStyle, _ plot: Plot) -> Markup {
    let points = series.points.map { (plot.x($0.epsilon), plot.y($0.value)) }
    return style.line(points) + points.map { style.marker(atX: $0.0, y: $0.1) }.joined
  }
}
