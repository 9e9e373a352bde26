import Assessments
import Statistics

/// Accuracy against confidence in bins, with the number of samples in each bin.
struct ReliabilityChart: Sendable {
  /// Samples whose confidences lie together.
  struct Bin: Hashable, Sendable {
    var lower: Double
    var upper: Double
    var count: Int
    /// The mean confidence; nil for an empty bin.
    var confidence: Double?
    var accuracy: Double?
    /// The ends of the accuracy's interval, where one was measured.
    var interval: ClosedRange<Double>?
  }

  var plot: Plot
  var bins: [Bin]

  init(
    id: String, title: String, description: String, xLabel: String, yLabel: String, bins: [Bin]
  ) {
    plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: 0...1, yValues: 0...1, height: 300)
    // Room for the counts above the bars.
    plot.y.end += 14
    plot.xText = { NumberText.fixed($0, decimals: 1) }
    plot.yText = { NumberText.fixed(100 * $0, decimals: 0) + "\u{A0}%" }
    self.bins = bins
  }

  var markup: Markup {
    let diagonal: Markup = """
      <line class="ideal" x1="\(plot.x(0))" y1="\(plot.y(0))" x2="\(plot.x(1))" y2="\(plot.y(1))"/>
      """
    return plot.markup(bins.map(bar) + [diagonal] + bins.map(marks))
  }

  private func bar(_ bin: Bin) -> Markup {
    guard let accuracy = bin.accuracy else { return .empty }
    let left = plot.x(bin.lower) + 2
    let top = plot.y(accuracy)
    return """
      <rect class="bar s0 soft" x="\(left)" y="\(top)" width="\(plot.x(bin.upper) - left - 2)" \
      height="\(plot.y(0) - top)"/>
      """
  }

  /// The bin's mean confidence and accuracy as a point with its interval, its count above the frame.
  private func marks(_ bin: Bin) -> Markup {
    let middle = (plot.x(bin.lower) + plot.x(bin.upper)) / 2
    let count: Markup = """
      <text class="count" x="\(middle)" y="\(plot.y.end - 10)" text-anchor="middle">\
      \(NumberText.count(bin.count))</text>
      """
    guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return count }
    let (x, style) = (plot.x(confidence), SeriesStyle(index: 0))
    let interval =
      bin.interval.map { style.line([(x, plot.y($0.lowerBound)), (x, plot.y($0.upperBound))]) }
      ?? .empty
    return count + interval + style.marker(atX: x, y: plot.y(accuracy), radius: 3.5)
  }
}

extension ReliabilityChart.Bin {
  /// A bin of a calibration without intervals.
  init(_ bin: Calibration.Bin) {
    self.init(
      lower: bin.lower, upper: bin.upper, count: bin.count,
      confidence: bin.count > 0 ? bin.confidence : nil,
      accuracy: bin.count > 0 ? bin.accuracy : nil)
  }

  /// An assessment's bin.
  init(_ bin: CalibrationAssessment.Bin) {
    var interval: ClosedRange<Double>?
    if let lower = bin.accuracy.lower, let upper = bin.accuracy.upper, lower <= upper {
      interval = lower...upper
    }
    self.init(
      lower: bin.lower, upper: bin.upper, count: bin.count, confidence: bin.confidence,
      accuracy: bin.accuracy.value, interval: interval)
  }
}
