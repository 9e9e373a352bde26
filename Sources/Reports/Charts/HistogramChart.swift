/// How many values fall into each of several equal bins, bars of several series side by side.
struct HistogramChart: Sendable {
  /// Bins of one width and how many values of each series they hold.
  struct Counts: Hashable, Sendable {
    var range: ClosedRange<Double>
    /// Per series and bin; a value at the upper end belongs to the last bin.
    var counts: [[Int]]

    init(_ series: [[Double]], binCount: Int = 10) {
      let finite = series.map { $0.filter(\.isFinite) }
      let largest = finite.joined().max() ?? 1
      range = LinearScale.rounded([0, largest], including: [0])
      let width = (range.upperBound - range.lowerBound) / Double(binCount)
      counts = finite.map { [range] values in
        var bins = [Int](repeating: 0, count: binCount)
        for value in values {
          bins[min(binCount - 1, max(0, Int((value - range.lowerBound) / width)))] += 1
        }
        return bins
      }
    }
  }

  var id: String
  var title: String
  var description: String
  var xLabel: String
  var yLabel: String
  var counts: Counts

  var markup: Markup {
    let highest = counts.counts.joined().max() ?? 1
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: counts.range, yValues: LinearScale.rounded([0, Double(max(highest, 1))]),
      height: 240)
    plot.yTicks = plot.yTicks.filter { $0 == $0.rounded() }
    return plot.markup(counts.counts.enumerated().flatMap { bars($1, series: $0, plot) })
  }

  private func bars(_ bins: [Int], series: Int, _ plot: Plot) -> [Markup] {
    let style = SeriesStyle(index: series)
    let slot = (plot.x.end - plot.x.start) / Double(bins.count)
    let width = (slot - 4) / Double(counts.counts.count)
    return bins.enumerated().filter { $0.element > 0 }.map { position, count in
      let left = plot.x.start + Double(position) * slot + 2 + Double(series) * width
      let top = plot.y(Double(count))
      let height = plot.y(0) - top
      return """
        <rect class="bar \(style.name)" x="\(left)" y="\(top)" width="\(width - 1)" \
        height="\(height)"/>\(style.hatch(x: left, y: top, width: width - 1, height: height))
        """
    }
  }
}
