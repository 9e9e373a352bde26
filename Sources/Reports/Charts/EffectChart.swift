import Foundation

/// The effect of one feature with its band, and below it where the data are.
struct EffectChart: Sendable {
  /// The effect on one class.
  struct Curve: Hashable, Sendable {
    /// At each point of the chart.
    var values: [Double]
    /// Half the width of the interval at each point.
    var margins: [Double]
  }

  /// What lies along the horizontal axis.
  enum Form: Hashable, Sendable {
    /// Numbers: curves run straight between points, and counts are those of the stretches between.
    case numbers
    /// Single values with their labels: a marker each, and a count each.
    case levels([String])
  }

  var id: String
  var title: String
  var description: String
  var xLabel: String
  var yLabel: String
  var form: Form
  var points: [Double]
  var counts: [Int]
  var curves: [Curve]
  /// Shared by charts that are compared.
  var yValues: ClosedRange<Double>
  var xText: @Sendable (Double) -> String = { NumberText.plain($0) }
  var yText: @Sendable (Double) -> String = { NumberText.plain($0) }

  /// The part of the height, from the axis up, that is kept for the data.
  private static let dataShare = 0.18

  var plot: Plot {
    let height = yValues.upperBound - yValues.lowerBound
    let lower = yValues.lowerBound - height * Self.dataShare / (1 - Self.dataShare)
    var plot = Plot(
      id: id, title: title, description: description, xLabel: xLabel, yLabel: yLabel,
      xValues: horizontal, yValues: lower...yValues.upperBound, width: 340, height: 240)
    plot.yTicks = LinearScale(values: yValues, start: 0, end: 1).ticks(4)
    plot.yText = yText
    switch form {
    case .numbers:
      plot.xTicks = plot.x.ticks(4)
      plot.xText = xText
    case .levels(let labels):
      plot.xTicks = points.indices.map(Double.init)
      plot.xText = { labels[Int($0)] }
    }
    return plot
  }

  /// How wide a label of a level may be, in characters, so that no two meet.
  static func labelLength(levels: Int) -> Int {
    Int((340 - Plot.left - Plot.right) / Double(max(levels, 1)) / 7)
  }

  private var horizontal: ClosedRange<Double> {
    switch form {
    case .numbers: (points.first ?? 0)...(points.last ?? 1)
    case .levels: -0.5...Double(points.count) - 0.5
    }
  }

  var markup: Markup {
    let plot = self.plot
    let zero: Markup = """
      <line class="ideal" x1="\(plot.x.start)" y1="\(plot.y(0))" x2="\(plot.x.end)" \
      y2="\(plot.y(0))"/>
      """
    let drawn = curves.enumerated().map { index, curve -> Markup in
      switch form {
      case .numbers: line(curve, SeriesStyle(index: index), plot)
      case .levels: whiskers(curve, index, plot)
      }
    }
    return plot.markup(bars(plot) + [zero] + drawn)
  }

  /// Where the data are: samples per unit of the axis, or at each level, the most of them highest.
  private func bars(_ plot: Plot) -> [Markup] {
    let ends = counts.indices.map { index -> (Double, Double) in
      switch form {
      case .numbers: (points[index], points[index + 1])
      case .levels: (Double(index) - 0.3, Double(index) + 0.3)
      }
    }
    let densities = zip(counts, ends).map { Double($0) / ($1.1 - $1.0) }
    let highest = max(densities.max() ?? 1, .leastNormalMagnitude)
    let full = (plot.y.start - plot.y.end) * Self.dataShare * 0.9
    return zip(densities, ends).map { density, ends in
      let height = density / highest * full
      return """
        <rect class="bar soft s4" x="\(plot.x(ends.0))" y="\(plot.y.start - height)" \
        width="\(max(plot.x(ends.1) - plot.x(ends.0) - 0.5, 0.5))" height="\(height)"/>
        """
    }
  }

  private func line(_ curve: Curve, _ style: SeriesStyle, _ plot: Plot) -> Markup {
    func places(_ values: [Double]) -> [(Double, Double)] {
      zip(points, values).map { (plot.x($0), plot.y($1)) }
    }
    let upper = places(zip(curve.values, curve.margins).map { $0 + $1 })
    let lower = places(zip(curve.values, curve.margins).map { $0 - $1 })
    let band = SeriesStyle.points(upper + lower.reversed())
    return """
      <polygon class="band \(style.name)" points="\(band)"/>\
      \(style.line(places(curve.values)))
      """
  }

  private func whiskers(_ curve: Curve, _ index: Int, _ plot: Plot) -> Markup {
    let style = SeriesStyle(index: index)
    // Curves stand beside each other, so that none hides another.
    let shift = (Double(index) - Double(curves.count - 1) / 2) * 0.16
    return points.indices.map { level -> Markup in
      let x = plot.x(Double(level) + shift)
      let (value, margin) = (curve.values[level], curve.margins[level])
      return """
        \(style.line([(x, plot.y(value - margin)), (x, plot.y(value + margin))]))\
        \(style.marker(atX: x, y: plot.y(value)))
        """
    }.joined
  }
}
