import Audits
import Reports

extension Site {
  /// The findings of a run that a query asks for, fifty a page.
  func findings(_ record: AuditRecord, _ target: RequestTarget) throws -> PageResponse {
    let choices = FindingChoices(record, words)
    let filter = try choices.filter(target, words)
    let rows = filter.rows(of: record)
    let range = try PageRange(target, total: rows.count, words)
    let path = ["runs", record.run.id, "findings"]
    let file = PageLink(
      text: words("serve.findings.file"), path: ["runs", record.run.id, "findings.csv"],
      query: filter.query)
    let shown: Markup =
      rows.isEmpty ? "<p>\(words("serve.findings.none"))</p>" : table(rows, range, record)
    return page(
      title: words("serve.findings.title"), lead: counts(rows, of: record),
      trail: [home, link(to: record)],
      content: [form(choices, filter, action: RequestTarget.address(path))]
        + range.around(shown, path, filter.query, words) + ["<p>\(file.markup)</p>"])
  }

  /// The same findings as a file, all of them.
  func findingsFile(_ record: AuditRecord, _ target: RequestTarget) throws -> PageResponse {
    let filter = try FindingChoices(record, words).filter(target, words)
    return .download(
      FindingsFile(filter.rows(of: record), record).bytes,
      name: "findings-\(record.run.id).csv", type: "text/csv; charset=utf-8")
  }

  private func counts(_ rows: [FindingRow], of record: AuditRecord) -> String {
    func count(_ outcome: AttackFinding.Outcome) -> String {
      NumberText.count(rows.count { $0.finding.outcome == outcome })
    }
    return words(
      "serve.findings.lead",
      [
        "count": NumberText.count(rows.count), "all": NumberText.count(record.findings.count),
        "samples": NumberText.count(Set(rows.map(\.prediction.sample)).count),
        "broken": count(.broken), "survived": count(.survived), "rejected": count(.rejected),
      ])
  }

  private func form(
    _ choices: FindingChoices, _ filter: FindingFilter, action: String
  ) -> Markup {
    let chosen = Dictionary(
      filter.query.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let fields = choices.fields.map { field -> Markup in
      let open: Markup =
        field.isOptional ? "<option value=\"\">\(words("serve.field.any"))</option>" : .empty
      let options = field.options.map { option -> Markup in
        let mark: Markup =
          chosen[field.name] == option.value ? " selected=\"selected\"" : .empty
        return "<option value=\"\(option.value)\"\(mark)>\(option.text)</option>"
      }
      return """
        <p class="field"><label for="\(field.name)">\(words("serve.field.\(field.name)"))</label>\
        <select id="\(field.name)" name="\(field.name)">\(open)\(options)</select></p>
        """
    }
    return """
      <form class="filter" action="\(action)" method="get">\(fields)
      <p class="field"><button type="submit">\(words("serve.findings.filter"))</button></p></form>
      """
  }

  private func table(
    _ rows: [FindingRow], _ range: PageRange, _ record: AuditRecord
  ) -> Markup {
    Table(
      words("serve.findings.table"),
      columns: [
        .init(words("serve.column.sample")), .init(words("column.trueClass")),
        .init(words("column.predicted")), .init(words("column.attack")),
        .init(words("serve.column.norm")), .init(words("column.epsilon"), isNumeric: true),
        .init(words("serve.column.outcome")), .init(words("serve.column.under")),
        .init(words("serve.column.distance"), isNumeric: true),
      ],
      rows: rows[range.positions].map { cells($0, record) }
    ).markup
  }

  private func cells(_ row: FindingRow, _ record: AuditRecord) -> [Markup] {
    let (prediction, finding) = (row.prediction, row.finding)
    return [
      link(to: prediction, in: record).markup, "\(record.className(prediction.label))",
      "\(record.className(prediction.predicted))", "\(row.attack.id)",
      "\(row.attack.norm.symbol)", "\(NumberText.plain(finding.epsilon))",
      outcome(finding.outcome), "\(record.className(finding.predicted))",
      "\(row.distance.map { NumberText.decimal($0) } ?? "–")",
    ]
  }

  /// How a finding ended, as a mark that needs no colour.
  func outcome(_ outcome: AttackFinding.Outcome) -> Markup {
    let (kind, mark): (Markup, Markup) =
      switch outcome {
      case .broken: ("failed", "✕")
      case .survived: ("passed", "✓")
      case .rejected: ("unmeasured", "–")
      }
    return """
      <span class="badge \(kind)"><span class="badge-mark" aria-hidden="true">\(mark)</span>\
      \(words("serve.outcome.\(outcome.rawValue)"))</span>
      """
  }

  /// The page of a sample.
  func link(to prediction: PredictionFinding, in record: AuditRecord) -> PageLink {
    PageLink(
      text: prediction.name,
      path: ["runs", record.run.id, "samples", String(prediction.sample)])
  }
}
