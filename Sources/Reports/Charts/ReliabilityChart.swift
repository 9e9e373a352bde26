import Audits
import Statistics

/// Accuracy against confidence in bins, with the number of samples in each bin.
struct ReliabilityChart: Sendable {
  var plot: Plot
  var calibration: Calibration

  init(
    id: String, title: String, description: String, xLabel: String, yLabel: String,
    calibration: Calibration
  ) {
    plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: 0...1, yValues: 0...1, height: 300)
    // Room for the counts above the bars.
    plot.y.end += 14
    plot.xText = { NumberText.fixed($0, decimals: 1) }
    plot.yText = { NumberText.fixed(100 * $0, decimals: 0) + "\u{A0}%" }
    self.calibration = calibration
  }

  var markup: Markup {
    let diagonal: Markup = """
      <line class="ideal" x1="\(plot.x(0))" y1="\(plot.y(0))" x2="\(plot.x(1))" y2="\(plot.y(1))"/>
      """
    return plot.markup(calibration.bins.map(bar) + [diagonal] + calibration.bins.map(marks))
  }

  private func bar(_ bin: Calibration.Bin) -> Markup {
    guard bin.count > 0 else { return .empty }
    let left = plot.x(bin.lower) + 2
    let top = plot.y(bin.accuracy)
    return """
      <rect class="bar s0 soft" x="\(left)" y="\(top)" width="\(plot.x(bin.upper) - left - 2)" \
      height="\(plot.y(0) - top)"/>
      """
  }

  /// The bin's mean confidence and accuracy as a point, its count above the frame.
  private func marks(_ bin: Calibration.Bin) -> Markup {
    let middle = (plot.x(bin.lower) + plot.x(bin.upper)) / 2
    let count: Markup = """
      <text class="count" x="\(middle)" y="\(plot.y.end - 10)" text-anchor="middle">\
      \(NumberText.count(bin.count))</text>
      """
    guard bin.count > 0 else { return count }
    let point = SeriesStyle(index: 0)
      .marker(atX: plot.x(bin.confidence), y: plot.y(bin.accuracy), radius: 3.5)
    return count + point
  }
}
