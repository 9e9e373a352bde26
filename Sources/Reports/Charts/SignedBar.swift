/// A bar to the left or right of zero, for a cell of a table of contributions.
struct SignedBar: Sendable {
  static let width = 200.0
  static let height = 18.0

  var value: Double
  /// The value at which a bar reaches the edge; shared by all rows that are compared.
  var scale: Double

  /// The signed length of the bar: half the width at ±scale.
  var length: Double {
    guard scale > 0, value.isFinite else { return 0 }
    return max(-1, min(1, value / scale)) * (Self.width / 2 - 2)
  }

  var markup: Markup {
    let middle = Self.width / 2
    let left = min(middle, middle + length)
    let kind = value < 0 ? "negative" : "positive"
    // Strokes on negative bars tell the sign in greyscale as well as the side does.
    let strokes: Markup =
      value < 0
      ? SeriesStyle(index: 1).hatch(x: left, y: 3, width: abs(length), height: Self.height - 6)
      : .empty
    return """
      <svg class="bars" viewBox="0 0 \(Self.width) \(Self.height)" \
      preserveAspectRatio="none" aria-hidden="true">\
      <rect class="bar \(kind)" x="\(left)" y="3" width="\(abs(length))" \
      height="\(Self.height - 6)"/>\(strokes)\
      <line class="axis" x1="\(middle)" y1="0" x2="\(middle)" y2="\(Self.height)"/></svg>
      """
  }
}
