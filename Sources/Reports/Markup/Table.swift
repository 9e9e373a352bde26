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
  /// Whether rows are so high that the table must be broken over pages, however few there are.
  private var isTall = false
  /// What paper shows of it where that is not all.
  private var excerpt: Excerpt?

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

  /// The same table, whose rows are long texts.
  var tall: Table {
    var table = self
    table.isTall = true
    return table
  }

  /// The first rows of a table, and what paper says in the place of the others.
  private struct Excerpt: Sendable {
    var count: Int
    var note: String
  }

  /// The same table, of which paper shows the first rows alone: for lists of single cases, which
  /// nobody reads on paper to their end.
  ///
  /// - Parameters:
  ///   - words: The words of the page's language.
  ///   - count: How many rows are shown; a table that is little longer is shown whole.
  /// - Returns: The table with its first rows marked for paper.
  func excerpt(_ words: Words, rows count: Int = 20) -> Table {
    let all = groups.reduce(0) { $0 + $1.rows.count }
    guard all > count + count / 2 else { return self }
    var table = self
    let note = words(
      "print.excerpt", ["shown": NumberText.count(count), "count": NumberText.count(all)])
    table.excerpt = Excerpt(count: count, note: note)
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
    let note: Markup =
      excerpt.map { "<p class=\"paper-only small\">\($0.note)</p>" } ?? .empty
    return """
      <div class="\(boxClass)" role="group" aria-label="\(caption)" tabindex="0">\
      <table\(isInline ? " class=\"inline\"" as Markup : .empty)>
      <caption>\(caption)</caption>
      <thead><tr>\(heads)</tr></thead>
      \(bodies)
      </table></div>\(note)
      """
  }

  /// A long table may be broken over pages, since moving it whole would leave a gap; a wide one needs
  /// all the width that paper has.
  private var boxClass: String {
    let isLong = isTall || groups.reduce(0) { $0 + $1.rows.count + 1 } > 14
    return "scroll" + (isLong ? " long" : "") + (columns.count > 7 ? " wide" : "")
  }

  /// How many rows a group may have that is never broken over pages.
  private static let wholeRows = 6

  private var bodies: Markup {
    var left = excerpt?.count ?? .max
    return groups.map { group in
      defer { left = max(0, left - group.rows.count) }
      return body(of: group, onPaper: left)
    }.joined
  }

  /// A group, of which paper shows so many rows.
  private func body(of group: Group, onPaper count: Int) -> Markup {
    let heading: Markup =
      group.heading.map { text in
        """
        <tr class="group"><th scope="rowgroup" colspan="\(columns.count)">\(text)</th></tr>
        """
      } ?? .empty
    // Short groups stay on one printed page.
    let style: Markup =
      count == 0
      ? " class=\"screen-only\""
      : group.rows.count <= Self.wholeRows ? " class=\"whole\"" : .empty
    let rows = group.rows.enumerated().map { row($1, isOnPaper: count == 0 || $0 < count) }
    return "<tbody\(style)>\(heading)\(rows)</tbody>"
  }

  private func row(_ cells: [Markup], isOnPaper: Bool) -> Markup {
    precondition(
      cells.count == columns.count, "expected \(columns.count) cells, got \(cells.count)")
    let parts = zip(columns, cells).enumerated().map { index, pair -> Markup in
      let style: Markup = pair.0.isNumeric ? " class=\"number\"" : ""
      return index == 0
        ? "<th scope=\"row\"\(style)>\(pair.1)</th>" : "<td\(style)>\(pair.1)</td>"
    }
    return "<tr\(isOnPaper ? .empty : " class=\"screen-only\"" as Markup)>\(parts)</tr>"
  }
}
