/// A table with a caption and headers that assistive technology can follow.
package struct Table: Sendable {
  /// A column's heading, and how its cells are set.
  package struct Column: Sendable {
    var heading: Markup
    var isNumeric = false

    package init(_ heading: String, isNumeric: Bool = false) {
      self.heading = Markup(text: heading)
      self.isNumeric = isNumeric
    }
  }

  /// Rows that belong together, under a heading of their own where they have one.
  package struct Group: Sendable {
    var heading: String?
    /// The first cell of each row is its header.
    var rows: [[Markup]]
  }

  var caption: String
  var columns: [Column]
  var groups: [Group]
  /// Whether an interval stands beside its value rather than below it.
  var isInline = false

  init(_ caption: String, columns: [Column], groups: [Group]) {
    self.caption = caption
    self.columns = columns
    self.groups = groups
  }

  package init(_ caption: String, columns: [Column], rows: [[Markup]]) {
    self.init(caption, columns: columns, groups: [Group(heading: nil, rows: rows)])
  }

  /// The same table with intervals beside their values: for few columns and many rows.
  var inline: Table {
    var table = self
    table.isInline = true
    return table
  }

  /// The table in a box of its own that scrolls sideways where the page is narrow.
  ///
  /// The box takes the keyboard's focus, so that it can be scrolled without a mouse. It is a group:
  /// a hundred tables as landmarks would hide the chapters from who goes from landmark to landmark.
  package var markup: Markup {
    let heads = columns.map { column -> Markup in
      let style: Markup = column.isNumeric ? " class=\"number\"" : ""
      return "<th scope=\"col\"\(style)>\(column.heading)</th>"
    }
    return """
      <div class="\(boxClass)" role="group" aria-label="\(caption)" tabindex="0">\
      <table\(isInline ? " class=\"inline\"" as Markup : .empty)>
      <caption>\(caption)</caption>
      <thead><tr>\(heads)</tr></thead>
      \(groups.map(body))
      </table></div>
      """
  }

  /// A long table may be broken over pages, since moving it whole would leave a gap; a wide one needs
  /// all the width that paper has.
  private var boxClass: String {
    let isLong = groups.reduce(0) { $0 + $1.rows.count + 1 } > 14
    return "scroll" + (isLong ? " long" : "") + (columns.count > 7 ? " wide" : "")
  }

  /// How many rows a group may have that is never broken over pages.
  private static let wholeRows = 6

  private func body(of group: Group) -> Markup {
    let heading: Markup =
      group.heading.map { text in
        """
        <tr class="group"><th scope="rowgroup" colspan="\(columns.count)">\(text)</th></tr>
        """
      } ?? .empty
    // Short groups stay on one printed page.
    let style: Markup = group.rows.count <= Self.wholeRows ? " class=\"whole\"" : .empty
    return "<tbody\(style)>\(heading)\(group.rows.map(row))</tbody>"
  }

  private func row(_ cells: [Markup]) -> Markup {
    precondition(
      cells.count == columns.count, "expected \(columns.count) cells, got \(cells.count)")
    let parts = zip(columns, cells).enumerated().map { index, pair -> Markup in
      let style: Markup = pair.0.isNumeric ? " class=\"number\"" : ""
      return index == 0
        ? "<th scope=\"row\"\(style)>\(pair.1)</th>" : "<td\(style)>\(pair.1)</td>"
    }
    return "<tr>\(parts)</tr>"
  }
}
