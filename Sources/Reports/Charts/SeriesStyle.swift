/// How one of several series is told apart: by colour, dash and marker at once.
struct SeriesStyle: Hashable, Sendable {
  /// The position among the series of a chart.
  var index: Int

  /// The class whose colour the style sheet sets for light, dark and print.
  var name: String { "s\(index % Self.dashes.count)" }

  /// The dash pattern of lines; empty: solid.
  var dash: String { Self.dashes[index % Self.dashes.count] }

  private static let dashes = ["", "7 4", "2 3", "9 3 2 3", "12 5"]

  /// A marker around a point.
  func marker(atX x: Double, y: Double, radius r: Double = 4) -> Markup {
    switch index % Self.dashes.count {
    case 0: "<circle class=\"mark \(name)\" cx=\"\(x)\" cy=\"\(y)\" r=\"\(r)\"/>"
    case 1:
      "<rect class=\"mark \(name)\" x=\"\(x - r)\" y=\"\(y - r)\" width=\"\(2 * r)\" height=\"\(2 * r)\"/>"
    case 2: polygon([(x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)])
    case 3: polygon([(x, y - r - 2), (x + r + 2, y), (x, y + r + 2), (x - r - 2, y)])
    default: polygon([(x, y + r + 1), (x + r + 1, y - r), (x - r - 1, y - r)])
    }
  }

  private func polygon(_ corners: [(Double, Double)]) -> Markup {
    "<polygon class=\"mark \(name)\" points=\"\(Self.points(corners))\"/>"
  }

  /// A line through points.
  func line(_ points: [(Double, Double)]) -> Markup {
    let dashes: Markup = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    return "<polyline class=\"line \(name)\"\(dashes) points=\"\(Self.points(points))\"/>"
  }

  /// Coordinates as the `points` attribute wants them.
  static func points(_ corners: [(Double, Double)]) -> String {
    corners.map { "\(NumberText.coordinate($0.0)),\(NumberText.coordinate($0.1))" }
      .joined(separator: " ")
  }

  /// A short piece of the series for a legend.
  var swatch: Markup {
    """
    <svg class="swatch" viewBox="0 0 36 14" width="36" height="14" aria-hidden="true">\
    \(line([(1, 7), (35, 7)]))\(marker(atX: 18, y: 7))</svg>
    """
  }

  /// A filled piece for the legend of a bar chart.
  var barSwatch: Markup {
    """
    <svg class="swatch" viewBox="0 0 20 14" width="20" height="14" aria-hidden="true">\
    <rect class="bar \(name)" x="1" y="1" width="18" height="12"/>\(hatch(x: 1, y: 1, width: 18, height: 12))</svg>
    """
  }

  /// Strokes over a bar, so that the series differ without colour.
  func hatch(x: Double, y: Double, width: Double, height: Double) -> Markup {
    guard index % Self.dashes.count != 0, height > 0 else { return .empty }
    var lines: [Markup] = []
    let spacing = index % 2 == 1 ? 5.0 : 9.0
    // Falling strokes x + y = c, cut to the rectangle.
    var offset = spacing
    while offset < width + height {
      let x1 = min(offset, width)
      let y1 = offset - x1
      let y2 = min(offset, height)
      let x2 = offset - y2
      lines.append(
        """
        <line class="hatch" x1="\(x + x1)" y1="\(y + y1)" x2="\(x + x2)" y2="\(y + y2)"/>
        """)
      offset += spacing
    }
    return lines.joined
  }
}

/// The names of a chart's series beside their styles.
struct Legend: Sendable {
  var names: [String]
  var isBars = false

  var markup: Markup {
    let items = names.enumerated().map { index, name -> Markup in
      let style = SeriesStyle(index: index)
      return "<li>\(isBars ? style.barSwatch : style.swatch)\(name)</li>"
    }
    return "<ul class=\"legend\">\(items)</ul>"
  }
}
