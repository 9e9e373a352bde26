import Audits
import Checks
import Tensors

extension ComparisonPage {
  /// How each measure changed: charts of the differences, then every number.
  var measures: Markup {
    let charts = [sharesChart, scoresChart, distancesChart].compactMap { $0 }
    let legend = Legend(
      names: IntervalChart.Tone.allCases.map { words("compare.tone.\($0.rawValue)") })
    let lead = "<p>\(words("compare.measures.lead", ["confidence": confidence]))</p>" as Markup
    return [lead, legend.markup, "<div class=\"pair\">\(charts)</div>", measureTable].joined
  }

  var confidence: String { NumberText.plain(100 * comparison.confidence) }

  private var measureTable: Markup {
    let (main, parts) = (
      comparison.measures.filter(\.isHeadline), comparison.measures.filter { !$0.isHeadline }
    )
    let groups = [
      Table.Group(heading: nil, rows: main.map(row)),
      Table.Group(heading: words("compare.parts"), rows: parts.map(row)),
    ].filter { !$0.rows.isEmpty }
    let columns: [Table.Column] = [
      .init(words("column.measure")), .init(names[0], isNumeric: true),
      .init(names[1], isNumeric: true), .init(words("compare.difference"), isNumeric: true),
      .init(words("compare.judgement")), .init(words("compare.mcnemar"), isNumeric: true),
      .init(words("compare.changed"), isNumeric: true),
      .init(words("column.samples"), isNumeric: true),
    ]
    let methods = comparison.measures.map(\.intervalMethod)
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let level = ExactNumber.markup(comparison.confidence, "\(confidence)\u{A0}%")
    return """
      \(Table(words("compare.measures"), columns: columns, groups: groups).markup)
      <p class="small">\(words("compare.intervals")) \(level): \(methods.joined(separator: "; ")).</p>
      \(paragraph("compare.measures.note"))
      """
  }

  private func row(_ change: RecordComparison.MeasureChange) -> [Markup] {
    let isFraction = change.kind.isFraction
    return [
      subject(change), ExactNumber.value(change.first, isFraction: isFraction),
      ExactNumber.value(change.second, isFraction: isFraction), difference(change),
      judgement(change), change.mcNemarProbability.map(probability) ?? "–", changed(change),
      ExactNumber.count(change.count),
    ]
  }

  /// The measure, what it is restricted to, and what is to be known of it.
  private func subject(_ change: RecordComparison.MeasureChange) -> Markup {
    var parts: [Markup] = change.group.isEmpty ? [] : ["\(change.group)"]
    if let norm = change.norm, let epsilon = change.epsilon {
      let key = change.kind == .medianDistance ? "compare.upTo" : "compare.within"
      let radius = ExactNumber.markup(epsilon, NumberText.plain(epsilon))
      parts.append("\(words(key, ["norm": norm.symbol]))\u{A0}\(radius)")
    }
    let name = words("measure.\(change.kind.rawValue)")
    let of: Markup = parts.isEmpty ? .empty : ", \(parts.joined)"
    let note: Markup =
      change.note.isEmpty ? .empty : " <small class=\"entry key\">\(change.note)</small>"
    return "\(name)\(of)\(note)"
  }

  private func difference(_ change: RecordComparison.MeasureChange) -> Markup {
    let isFraction = change.kind.isFraction
    let value = ExactNumber.difference(change.difference, isFraction: isFraction)
    guard let lower = change.lower, let upper = change.upper else { return value }
    return """
      <span class="value">\(value)</span> <small class="interval">\
      \(bound(lower, isFraction)) to \(bound(upper, isFraction))</small>
      """
  }

  /// The unit stands beside the difference.
  private func bound(_ value: Double, _ isFraction: Bool) -> Markup {
    ExactNumber.markup(
      value, isFraction ? NumberText.signedPoints(value) : NumberText.signed(value))
  }

  private func judgement(_ change: RecordComparison.MeasureChange) -> Markup {
    switch change.judgement {
    case .better: "<span class=\"good\">▲ \(words("compare.tone.better"))</span>"
    case .worse: "<span class=\"bad\">▼ \(words("compare.tone.worse"))</span>"
    case .undecided: "\(words("compare.tone.undecided"))"
    }
  }

  private func probability(_ value: Double) -> Markup {
    ExactNumber.markup(value, NumberText.decimal(value, digits: 2))
  }

  /// How many samples changed for the worse and for the better.
  private func changed(_ change: RecordComparison.MeasureChange) -> Markup {
    guard let worsened = change.worsened, let improved = change.improved else { return "–" }
    return "\(ExactNumber.count(worsened)) / \(ExactNumber.count(improved))"
  }
}
