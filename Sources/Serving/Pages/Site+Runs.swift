import Audits
import Ledger
import Reports

extension Site {
  /// All runs, newest first, of which two can be chosen.
  func runList() throws -> PageResponse {
    let runs = try ledger.runs()
    let verdicts = try ledger.gateVerdicts()
    let content: Markup =
      runs.isEmpty
      ? "<p>\(words("serve.runs.none"))</p>"
      : """
      <form action="/compare" method="get">
      \(table(runs.reversed(), verdicts))
      <p><button type="submit">\(words("serve.runs.compare"))</button> \
      <span class="small">\(words("serve.runs.choose"))</span></p>
      </form>
      """
    return page(
      title: words("serve.runs.title"),
      lead: words("serve.runs.lead", ["count": NumberText.count(runs.count), "path": ledger.path]),
      content: [content])
  }

  private func table(
    _ runs: [Ledger.RunSummary], _ verdicts: [String: [GateResult.Verdict]]
  ) -> Markup {
    Table(
      words("serve.runs.table"),
      columns: [
        .init(words("serve.column.run")), .init(words("column.model")),
        .init(words("serve.column.data")), .init(words("serve.column.started")),
        .init(words("column.samples"), isNumeric: true), .init(words("column.verdict")),
        .init(words("serve.column.choose")),
      ],
      rows: runs.map { run in
        [
          PageLink(text: run.id, path: ["runs", run.id]).markup, "\(run.model)", "\(run.data)",
          "\(NumberText.moment(run.started))", "\(NumberText.count(run.samples))",
          verdict(of: run, verdicts[run.id] ?? []), choice(run),
        ]
      }
    ).markup
  }

  private func verdict(
    of run: Ledger.RunSummary, _ verdicts: [GateResult.Verdict]
  ) -> Markup {
    var notes = run.shard.map { [words("serve.state.shard", ["part": $0])] } ?? []
    if !run.isComplete { notes.append(words("serve.state.unfinished")) }
    let state: Markup =
      notes.isEmpty ? .empty : " <span class=\"small\">\(notes.joined(separator: ", "))</span>"
    return VerdictBadge.markup(verdicts.worst, words) + state
  }

  private func choice(_ run: Ledger.RunSummary) -> Markup {
    """
    <input type="checkbox" name="run" value="\(run.id)" \
    aria-label="\(words("serve.runs.chosen", ["run": run.id]))"/>
    """
  }
}
