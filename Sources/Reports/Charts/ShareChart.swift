/// The shares of two samples in the same bins, side by side.
struct ShareChart: Sendable {
  var id: String
  var title: String
  var description: String
  var xLabel: String
  var yLabel: String
  /// Per sample and bin.
  var shares: [[Double]]
  /// What stands below each bin; as many as bins.
  var labels: [String]

  var markup: Markup {
    let highest = shares.joined().max() ?? 1
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: 0...Double(max(labels.count, 1)),
      yValues: LinearScale.rounded([0, highest], including: [0]), height: 230)
    plot.xTicks = labels.indices.map { Double($0) + 0.5 }
    plot.xText = { [labels] value in
      let index = Int(value)
      return labels.indices.contains(index) ? shortened(labels[index], of: labels.count) : ""
    }
    plot.yText = { NumberText.percent($0) }
    return plot.markup(shares.enumerated().flatMap { bars($1, series: $0, plot) })
  }

  private func bars(_ values: [Double], series: Int, _ plot: Plot) -> [Markup] {
    let style = SeriesStyle(index: series)
    let slot = (plot.x.end - plot.x.start) / Double(max(labels.count, 1))
    let width = (slot - 4) / Double(max(shares.count, 1))
    return values.enumerated().filter { $0.element > 0 }.map { position, value in
      let left = plot.x.start + Double(position) * slot + 2 + Double(series) * width
      let top = plot.y(value)
      let height = plot.y(0) - top
      return """
        <rect class="bar \(style.name)" x="\(left)" y="\(top)" width="\(width - 1)" \
        height="\(height)"/>\(style.hatch(x: left, y: top, width: width - 1, height: height))
        """
    }
  }
}

/// A label cut to what fits below one of so many bins.
private func shortened(_ label: String, of count: Int) -> String {
  let room = max(3, 56 / max(count, 1))
  return label.count <= room ? label : label.prefix(room - 1) + "…"
}
