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
    // Fewer labels that can be read rather than many that are cut.
    let longest = labels.map(\.count).max() ?? 1
    let step = max(1, min(labels.count, (longest * labels.count + Self.room - 1) / Self.room))
    let room = Self.room * step / max(labels.count, 1)
    plot.xTicks = labels.indices.map { Double($0) + 0.5 }
    plot.xText = { [labels] value in
      let index = Int(value)
      let isShown = labels.indices.contains(index) && index.isMultiple(of: step)
      return isShown ? shortened(labels[index], to: room) : ""
    }
    plot.yText = { NumberText.percent($0) }
    return plot.markup(shares.enumerated().flatMap { bars($1, series: $0, plot) })
  }

  /// How many characters fit below the chart side by side.
  private static let room = 56

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

/// A label cut to what fits.
private func shortened(_ label: String, to room: Int) -> String {
  label.count <= room ? label : label.prefix(max(1, room - 1)) + "…"
}
