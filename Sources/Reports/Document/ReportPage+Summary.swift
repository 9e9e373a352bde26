import Audits
import Tensors

extension ReportPage {
  /// The title, what was audited and the verdict.
  var cover: Markup {
    let tiles = zip(names, records).map { name, record -> Markup in
      """
      <li class="tile"><span class="tile-data">\(record.data.name)</span>\
      <span class="tile-model">\(name)</span>\(VerdictBadge.markup(record.verdict, words))\
      \(record.run.isComplete ? .empty : "<span class=\"small\">\(words("cover.incomplete"))</span>")\
      </li>
      """
    }
    let dates = records.map { NumberText.moment($0.run.started) }.sorted()
    let period =
      dates.first == dates.last ? dates[0] : "\(dates[0]) – \(dates[dates.count - 1])"
    return """
      <header class="cover">
      <p class="kicker">\(words("cover.kicker"))</p>
      <h1>\(document.title)</h1>
      <p class="lead">\(words(
        records.count == 1 ? "cover.one" : "cover.several",
        ["count": "\(records.count)", "data": "\(document.groups.count)", "period": period]))</p>
      <ul class="tiles">\(tiles)</ul>
      </header>
      """
  }

  /// Verdicts, key numbers and warnings.
  var summary: Markup {
    section(
      "summary", number: 1,
      body: [glance, gates, warnings, "<p>\(words("summary.reading"))</p>"].joined)
  }

  private var glance: Markup {
    Table(
      words("glance.table"),
      columns: [
        .init(words("column.model")), .init(words("glance.clean"), isNumeric: true),
        .init(words("glance.robust"), isNumeric: true),
        .init(words("glance.distance"), isNumeric: true),
        .init(words("column.samples"), isNumeric: true), .init(words("column.verdict")),
      ],
      groups: chapters.map { chapter in
        Table.Group(
          heading: chapter.title, rows: chapter.models.map { row($0.name, $0.record) })
      }
    ).markup
  }

  private func row(_ name: String, _ record: AuditRecord) -> [Markup] {
    let norms = Robustness(record).norms
    let robust = norms.compactMap { norm -> Markup? in
      guard let measure = record.robustAccuracies(norm).last else { return nil }
      return """
        <span class="entry"><span class="key">\(norm.symbol), \
        ε\u{A0}\(NumberText.plain(measure.epsilon ?? 0))</span> \(Estimate(measure).markup)</span>
        """
    }
    let distances = norms.compactMap { norm -> Markup? in
      guard let measure = record.measure(.medianDistance, norm: norm) else { return nil }
      let value: Markup =
        measure.value == nil ? "\(words("robustness.beyond"))" : Estimate(measure).markup
      return "<span class=\"entry\"><span class=\"key\">\(norm.symbol)</span> \(value)</span>"
    }
    return [
      "\(name)", Estimate(record.measure(.cleanAccuracy)).markup, robust.joined, distances.joined,
      "\(NumberText.count(record.data.sampleCount))", VerdictBadge.markup(record.verdict, words),
    ]
  }

  private var gates: Markup {
    guard records.contains(where: { !$0.gates.isEmpty }) else {
      return "<p class=\"callout\">\(words("gates.none"))</p>"
    }
    return Table(
      words("gates.table"),
      columns: [
        .init(words("column.requirement")), .init(words("column.verdict")),
        .init(words("column.measured"), isNumeric: true),
        .init(words("column.threshold"), isNumeric: true),
        .init(words("column.reason")),
      ],
      groups: zip(names, records).filter { !$0.1.gates.isEmpty }.map { name, record in
        Table.Group(heading: "\(record.data.name): \(name)", rows: record.gates.map(gateRow))
      }
    ).markup + "<p>\(words("gates.note"))</p>"
  }

  private func gateRow(_ gate: GateResult) -> [Markup] {
    let limit =
      gate.requirement.contains("%")
      ? NumberText.percent(gate.threshold) : NumberText.plain(gate.threshold)
    return [
      "\(gate.requirement)", VerdictBadge.markup(gate.verdict, words), Estimate(gate).markup,
      "\(gate.isAtLeast ? "≥" : "≤")\u{A0}\(limit)",
      "<span class=\"prose\">\(gate.reason)</span>",
    ]
  }

  private var warnings: Markup {
    let all = zip(names, records).flatMap { name, record in
      record.warnings.map { (name: name, data: record.data.name, warning: $0) }
    }
    guard !all.isEmpty else { return "<p>\(words("warnings.none"))</p>" }
    // What forbids belief comes first; the order is otherwise that of the records.
    let ordered = all.filter(\.warning.isVeto) + all.filter { !$0.warning.isVeto }
    let cards = ordered.map { card($0.warning, model: "\($0.data): \($0.name)") }
    return "<h3>\(words("warnings.title"))</h3><div class=\"cards\">\(cards)</div>"
  }

  private func card(_ warning: SoundnessWarning, model: String) -> Markup {
    let shown = warning.samples.prefix(12).map(String.init).joined(separator: ", ")
    let name = warning.name.replacing("-", with: " ")
    let title = name.prefix(1).uppercased() + name.dropFirst()
    let more = warning.samples.count > 12 ? ", …" : ""
    let samples: Markup =
      warning.samples.isEmpty
      ? .empty : "<dt>\(words("warnings.samples"))</dt><dd>\(shown)\(more)</dd>"
    return """
      <article class="card\(warning.isVeto ? " veto" : "")">
      <h4>\(title)</h4><p class="small">\(model)\
      \(warning.isVeto ? " · \(words("warnings.veto"))" : "")</p>
      <dl><dt>\(words("warnings.raised"))</dt><dd>\(warning.raised)</dd>
      <dt>\(words("warnings.explanation"))</dt><dd>\(warning.explanation)</dd>
      <dt>\(words("warnings.suggestion"))</dt><dd>\(warning.suggestion)</dd>\(samples)</dl>
      </article>
      """
  }
}
