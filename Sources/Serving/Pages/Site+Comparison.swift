import Audits
import Foundation
import ReportTemplates
import Reports

extension Site {
  /// What changed between the two runs of a query, the one that was started first before the other.
  func comparison(_ target: RequestTarget) throws -> PageResponse {
    let document = try document(target)
    let runs = [document.first.run.id, document.second.run.id]
    let file = PageLink(
      text: words("serve.file.compare.json"), path: ["compare.json"],
      query: runs.map { RequestTarget.Entry(name: "run", value: $0) })
    var source = try document.html(templates: served)
    // The skip link must stay the first thing on the page.
    guard let skip = source.range(of: "</a>") else {
      preconditionFailure("expected a page that begins with a skip link")
    }
    source.insert(contentsOf: "\n" + way([home, file]).source, at: skip.upperBound)
    return .page(source)
  }

  /// The same for machines.
  func comparisonFile(_ target: RequestTarget) throws -> PageResponse {
    let document = try document(target)
    return .download(
      try document.json.encoded(),
      name: "compare-\(document.first.run.id)-\(document.second.run.id).json",
      type: "application/json")
  }

  private func document(_ target: RequestTarget) throws -> ComparisonDocument {
    let runs = target.values("run")
    guard runs.count == 2 else {
      throw PageProblem.badRequest(
        words("serve.problem.two", ["count": NumberText.count(runs.count)]))
    }
    let records = try runs.map(shelf.record).sorted {
      ($0.run.started, $0.run.id) < ($1.run.started, $1.run.id)
    }
    guard records[0].run.id != records[1].run.id else {
      throw PageProblem.badRequest(words("serve.problem.same", ["run": records[0].run.id]))
    }
    return try ComparisonDocument(
      from: records[0], to: records[1],
      history: try GateHistory.all(ofModel: records[1].model.name, in: ledger))
  }
}
