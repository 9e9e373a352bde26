import Audits
import Reports

extension Site {
  /// The samples of a run, all of them or the mistakes, fifty a page.
  func samples(_ record: AuditRecord, _ target: RequestTarget) throws -> PageResponse {
    let isMistakes = try choosesMistakes(target)
    let shown = isMistakes ? record.predictions.filter { !$0.isCorrect } : record.predictions
    let range = try PageRange(target, total: shown.count, words)
    let path = ["runs", record.run.id, "samples"]
    let query = isMistakes ? [RequestTarget.Entry(name: "show", value: "mistakes")] : []
    let other = PageLink(
      text: words(isMistakes ? "serve.samples.all" : "serve.samples.mistakes"), path: path,
      query: isMistakes ? [] : [RequestTarget.Entry(name: "show", value: "mistakes")])
    let list: Markup =
      shown.isEmpty
      ? "<p>\(words("serve.samples.none"))</p>" : table(Array(shown[range.positions]), record)
    return page(
      title: words("serve.samples.title"),
      lead: words(
        "serve.samples.lead",
        [
          "count": NumberText.count(record.predictions.count),
          "wrong": NumberText.count(record.predictions.count { !$0.isCorrect }),
        ]),
      trail: [home, link(to: record)],
      content: ["<p>\(other.markup)</p>"] + range.around(list, path, query, words))
  }

  private func choosesMistakes(_ target: RequestTarget) throws -> Bool {
    let values = target.values("show")
    guard values.isEmpty || values == ["mistakes"] else {
      throw PageProblem.badRequest(
        words(
          "serve.problem.choice",
          ["name": words("serve.field.show"), "value": values.joined(separator: ", ")]))
    }
    return !values.isEmpty
  }

  private func table(_ predictions: [PredictionFinding], _ record: AuditRecord) -> Markup {
    let breaks = Dictionary(
      grouping: record.findings.filter { $0.outcome == .broken }, by: \.sample)
    let explained = Dictionary(grouping: record.explanations, by: \.sample)
    return Table(
      words("serve.samples.table"),
      columns: [
        .init(words("serve.column.sample")), .init(words("column.trueClass")),
        .init(words("column.predicted")), .init(words("serve.column.probability"), isNumeric: true),
        .init(words("serve.column.breaks"), isNumeric: true),
        .init(words("serve.column.explanations"), isNumeric: true),
      ],
      rows: predictions.map { prediction in
        [
          link(to: prediction, in: record).markup, "\(record.className(prediction.label))",
          answer(prediction, record),
          "\(probability(prediction.probabilities, prediction.predicted))",
          "\(NumberText.count(breaks[prediction.sample]?.count ?? 0))",
          "\(NumberText.count(explained[prediction.sample]?.count ?? 0))",
        ]
      }
    ).markup
  }

  /// The predicted class, with a word where it is the wrong one.
  func answer(_ prediction: PredictionFinding, _ record: AuditRecord) -> Markup {
    let name = record.className(prediction.predicted)
    return prediction.isCorrect
      ? "\(name)" : "\(name) <span class=\"bad\">(\(words("serve.samples.wrong")))</span>"
  }

  /// The probability of a class; a dash where there is none.
  func probability(_ values: [Float], _ index: Int) -> String {
    values.indices.contains(index) ? NumberText.percent(Double(values[index])) : "–"
  }
}
