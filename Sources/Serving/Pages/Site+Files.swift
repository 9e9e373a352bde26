import Audits
import Foundation
import ReportTemplates
import Reports

extension Site {
  /// The forms of a run's report and what they are.
  static let reportFiles = [
    "report.html": "text/html; charset=utf-8", "summary.html": "text/html; charset=utf-8",
    "model-card.md": "text/markdown; charset=utf-8", "report.json": "application/json",
    "gates.xml": "application/xml",
  ]

  /// A form of the run's report, with the bytes that `assay report` writes.
  func reportFile(_ name: String, _ record: AuditRecord) throws -> PageResponse {
    guard let type = Self.reportFiles[name] else {
      throw PageProblem.notFound(words("serve.problem.page"))
    }
    let document = try document(record)
    let body: [UInt8] =
      switch name {
      case "report.html": Array(try document.html(templates: templates).utf8)
      case "summary.html": Array(try document.summary(templates: templates).utf8)
      case "model-card.md": Array(try document.modelCard(templates: templates).utf8)
      case "report.json": try document.json().encoded()
      default: document.junit.encoded()
      }
    let parts = name.split(separator: ".")
    return .download(body, name: "\(parts[0])-\(record.run.id).\(parts[1])", type: type)
  }

  /// The heatmaps of the report, each with a link to its file.
  func heatmaps(_ record: AuditRecord) throws -> PageResponse {
    let pictures = try document(record).pictures(templates: templates)
    let path = ["runs", record.run.id, "heatmaps"]
    let items = pictures.map { picture -> Markup in
      let data = Data(picture.bytes).base64EncodedString()
      let link = PageLink(
        text: words("serve.heatmaps.save", ["name": picture.name]), path: path + [picture.name])
      return """
        <li class="case"><img class="plate" src="data:image/png;base64,\(data)" \
        alt="\(picture.caption)"/>\
        <p class="case-caption">\(picture.caption)</p><p>\(link.markup)</p></li>
        """
    }
    return page(
      title: words("serve.heatmaps.title"),
      lead: words("serve.heatmaps.lead", ["count": NumberText.count(pictures.count)]),
      trail: [home, link(to: record)],
      content: [items.isEmpty ? .empty : "<ol class=\"cases\">\(items)</ol>"])
  }

  /// One of the heatmaps as a PNG file.
  func heatmap(_ name: String, _ record: AuditRecord) throws -> PageResponse {
    let pictures = try document(record).pictures(templates: templates)
    guard let picture = pictures.first(where: { $0.name == name }) else {
      throw PageProblem.notFound(words("serve.problem.heatmap", ["name": name]))
    }
    return .download(picture.bytes, name: picture.name, type: "image/png")
  }

  /// The report of a run alone, under the run's own title.
  private func document(_ record: AuditRecord) throws -> ReportDocument {
    guard record.run.shard == nil else {
      throw PageProblem.notFound(words("serve.run.shard"))
    }
    return ReportDocument(title: record.run.title, records: [record])
  }
}
