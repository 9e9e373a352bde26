import Audits
import Reports
import Tensors

extension Site {
  /// A run: its key numbers, requirements, warnings and measures, and where to go from it.
  func run(_ record: AuditRecord) throws -> PageResponse {
    let view = RunView(record, words)
    let files =
      record.run.shard == nil
      ? section("files", downloads(record)) : "<p>\(words("serve.run.shard"))</p>"
    return page(
      title: record.run.title,
      lead: words(
        "serve.run.lead",
        [
          "model": record.model.name, "data": record.data.name, "part": record.data.selection,
          "started": NumberText.moment(record.run.started),
        ]),
      trail: [home],
      content: [
        state(of: record), ways(record), section("numbers", view.keyNumbers),
        section("gates", view.gates), section("warnings", view.warnings),
        section("measures", view.measures), files, section("facts", facts(record)),
      ])
  }

  /// The run as a link of its own pages' trails.
  func link(to record: AuditRecord) -> PageLink {
    PageLink(
      text: words("serve.run.link", ["run": record.run.id]), path: ["runs", record.run.id])
  }

  private func state(of record: AuditRecord) -> Markup {
    record.run.isComplete
      ? .empty : "<p class=\"callout\">\(words("serve.run.unfinished"))</p>"
  }

  private func ways(_ record: AuditRecord) -> Markup {
    let path = ["runs", record.run.id]
    let findings = words(
      "serve.run.findings", ["count": NumberText.count(record.findings.count)])
    let samples = words(
      "serve.run.samples", ["count": NumberText.count(record.predictions.count)])
    let links = [
      PageLink(text: findings, path: path + ["findings"]),
      PageLink(text: samples, path: path + ["samples"]),
    ]
    return list(links)
  }

  private func downloads(_ record: AuditRecord) -> Markup {
    let path = ["runs", record.run.id]
    let names = [
      "report.html", "summary.html", "model-card.md", "report.json", "gates.xml", "findings.csv",
    ]
    let files = names.map { name in
      PageLink(text: words("serve.file.\(name)"), path: path + [name])
    }
    let heatmaps = PageLink(text: words("serve.file.heatmaps"), path: path + ["heatmaps"])
    return list(files + (record.model.input.layout == .image ? [heatmaps] : []))
  }

  private func list(_ links: [PageLink]) -> Markup {
    "<ul class=\"links\">\(links.map { "<li>\($0.markup)</li>" as Markup })</ul>"
  }

  private func facts(_ record: AuditRecord) -> Markup {
    let run = record.run
    let entries =
      [
        NamedValue(words("reproduction.run"), run.id),
        NamedValue(words("serve.fact.suite"), run.suiteName),
        NamedValue(words("reproduction.seed"), String(run.seed)),
        NamedValue(words("reproduction.model"), record.model.sha256),
        NamedValue(words("serve.fact.command"), run.command),
      ] + run.environment
    let items = entries.map { "<dt>\($0.name)</dt><dd>\($0.value)</dd>" as Markup }
    return "<dl class=\"facts\">\(items)</dl>"
  }
}
