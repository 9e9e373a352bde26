import Attestations
import Audits

extension ReportPage {
  /// Who signed what, how to verify it, what the roots stand for, and what happened to the runs.
  var signOff: Markup {
    let runs = zip(zip(names, records), manifests).map { model, manifest in
      SignedRun(
        heading: "\(model.1.data.name): \(model.0)", record: model.1, manifest: manifest)
    }
    return [
      "<p>\(words("signOff.lead"))</p>", signatures(of: runs), verification, roots(of: runs),
      events,
    ].joined
  }

  private func signatures(of runs: [SignedRun]) -> Markup {
    let signed = runs.filter { !$0.record.signOffs.isEmpty }
    let unsigned = runs.filter { $0.record.signOffs.isEmpty }.map { run -> Markup in
      "<p class=\"callout\">\(words("signOff.none", ["run": run.heading]))</p>"
    }
    guard !signed.isEmpty else { return unsigned.joined }
    let table = Table(
      words("signOff.table"),
      columns: [
        "signOff.name", "signOff.role", "signOff.date", "signOff.decision", "signOff.remarks",
        "signOff.key", "signOff.state",
      ].map { Table.Column(words($0)) },
      groups: signed.map { run in
        Table.Group(
          heading: run.heading, rows: run.record.signOffs.map { row($0, run.manifest) })
      })
    return table.markup + "<p>\(words("signOff.reading"))</p>" + unsigned.joined
  }

  private func row(_ signOff: SignOff, _ manifest: Manifest) -> [Markup] {
    let fingerprint: Markup =
      signOff.key.map { "<code class=\"hash\">\($0.fingerprint)</code>" } ?? "–"
    return [
      "\(signOff.name)", "\(signOff.role)", "\(NumberText.moment(signOff.moment))",
      "\(words("signOff.decision.\(signOff.decision.rawValue)"))",
      "<span class=\"prose\">\(signOff.remarks.isEmpty ? "–" : signOff.remarks)</span>",
      fingerprint, "\(words("signOff.state.\(signOff.state(for: manifest).rawValue)"))",
    ]
  }

  /// The commands that check the report, one a run.
  private var verification: Markup {
    let commands = records.map { "assay verify \($0.run.id) --report ." }
      .joined(separator: "\n")
    return """
      <h3>\(words("signOff.verify"))</h3><p>\(words("signOff.verify.lead"))</p>
      <pre tabindex="0">\(commands)</pre>
      """
  }

  private func roots(of runs: [SignedRun]) -> Markup {
    let parts = runs.map { run -> Markup in
      let leaves = Table(
        words("signOff.leaves.table", ["run": run.heading]),
        columns: [.init(words("signOff.leaf")), .init(words("signOff.sum"))],
        rows: run.manifest.leaves.map {
          ["\($0.name)", "<code class=\"hash\">\($0.sha256)</code>"]
        })
      return """
        <p>\(run.heading): <code class="hash">\(run.manifest.root)</code></p>
        <details><summary>\(words(
          "signOff.leaves", ["count": NumberText.count(run.manifest.leaves.count)]))</summary>
        \(leaves.markup)</details>
        """
    }
    return """
      <h3>\(words("signOff.roots"))</h3><p>\(words("signOff.roots.lead"))</p>
      \(parts)
      """
  }

  private var events: Markup {
    let heading: Markup = "<h3>\(words("signOff.events"))</h3>"
    guard records.contains(where: { !$0.events.isEmpty }) else {
      return heading + "<p>\(words("signOff.events.none"))</p>"
    }
    let table = Table(
      words("signOff.events.table"),
      columns: [
        .init(words("signOff.date")), .init(words("signOff.event")),
        .init(words("signOff.detail")),
      ],
      groups: zip(names, records).filter { !$0.1.events.isEmpty }.map { name, record in
        Table.Group(
          heading: "\(record.data.name): \(name)",
          rows: record.events.map { event in
            [
              "\(NumberText.moment(event.moment))",
              "\(words("signOff.event.\(event.action.rawValue)"))",
              "\(event.detail.isEmpty ? "–" : event.detail)",
            ]
          })
      })
    return heading + "<p>\(words("signOff.events.lead"))</p>" + table.markup
  }
}

/// A run with its manifest, under the heading that tables give it.
private struct SignedRun {
  let heading: String
  let record: AuditRecord
  let manifest: Manifest
}
