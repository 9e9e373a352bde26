import Attestations
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
    return """
      <header class="cover">
      <p class="kicker">\(words("cover.kicker"))</p>
      <h1>\(document.title)</h1>
      <p class="lead">\(words(
        records.count == 1 ? "cover.one" : "cover.several",
        ["count": "\(records.count)", "data": "\(document.groups.count)", "period": period]))</p>
      <ul class="tiles">\(tiles)</ul>
      \(seals)
      </header>
      """
  }

  /// Who signed, and the roots that signatures are over.
  private var seals: Markup {
    let rows = zip(zip(names, records), manifests).map { model, manifest -> Markup in
      let signers = model.1.signOffs.map { signOff in
        words(
          "cover.signer",
          [
            "name": signOff.name, "role": signOff.role,
            "decision": words("signOff.decision.\(signOff.decision.rawValue)"),
            "state": words("signOff.state.\(signOff.state(for: manifest).rawValue)"),
          ])
      }
      let signed = signers.isEmpty ? words("cover.unsigned") : signers.joined(separator: "; ")
      return """
        <dt>\(model.0)</dt><dd>\(signed)<br/><code class="hash">\(manifest.root)</code></dd>
        """
    }
    return """
      <div class="seals"><p class="small">\(words("cover.roots"))</p>
      <dl class="facts">\(rows)</dl></div>
      """
  }

  /// The one page for whoever decides, then key figures, every requirement and the warnings.
  var summary: Markup {
    let recorded: Markup =
      words.language == "en" ? .empty : "<p>\(words("summary.recorded"))</p>"
    return section(
      "summary", number: 1,
      body: [
        brief(level: 3, isLinked: true), "<h3>\(words("summary.details"))</h3>", glance, gates,
        warnings, "<p>\(words("summary.reading", ["confidence": chapters[0].confidence]))</p>",
        recorded,
      ].joined)
  }

  /// The key numbers of each model.
  var glance: Markup {
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

  /// The verdict on each requirement.
  var gates: Markup {
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
    [
      words.recorded(gate.requirement), VerdictBadge.markup(gate.verdict, words),
      Estimate(gate).markup, "\(GateLimit(gate).text)",
      "<span class=\"prose\">\(words.recorded(gate.reason))</span>",
    ]
  }

  /// What speaks against believing a measure.
  var warnings: Markup {
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
    let title = String(name.prefix(1).uppercased() + name.dropFirst())
    let more = warning.samples.count > 12 ? ", …" : ""
    let samples: Markup =
      warning.samples.isEmpty
      ? .empty : "<dt>\(words("warnings.samples"))</dt><dd>\(shown)\(more)</dd>"
    return """
      <article class="card\(warning.isVeto ? " veto" : "")">
      <h4>\(words.recorded(title))</h4><p class="small">\(model)\
      \(warning.isVeto ? " · \(words("warnings.veto"))" : "")</p>
      <dl><dt>\(words("warnings.raised"))</dt><dd>\(words.recorded(warning.raised))</dd>
      <dt>\(words("warnings.explanation"))</dt><dd>\(words.recorded(warning.explanation))</dd>
      <dt>\(words("warnings.suggestion"))</dt><dd>\(words.recorded(warning.suggestion))</dd>\(samples)</dl>
      </article>
      """
  }
}
