import Audits
package import Ledger
package import ReportTemplates
import Reports

/// The pages on a ledger: a function from requests to responses, without sockets.
package struct Site: Sendable {
  let shelf: RecordShelf
  let access: AccessRules
  let templates: ReportTemplates
  let words: Words

  /// - Parameters:
  ///   - ledger: The runs to show; they are only read.
  ///   - templates: The style and the words of the pages.
  ///   - access: Who is answered.
  package init(_ ledger: Ledger, templates: ReportTemplates, access: AccessRules) {
    shelf = RecordShelf(ledger)
    self.access = access
    self.templates = templates
    words = Words(templates)
  }

  var ledger: Ledger { shelf.ledger }

  /// The answer to a request; one to `HEAD` has its body too, which is not sent.
  package func response(to request: PageRequest) -> PageResponse {
    let target = RequestTarget(request.target)
    switch access.decision(on: request, target) {
    case .refused(let refusal): return refused(refusal)
    case .moved(let address): return .redirect(to: address, headers: [access.cookie])
    case .allowed: break
    }
    do {
      guard let target else {
        throw PageProblem.badRequest(words("serve.problem.address"))
      }
      // Files for other programs are in English, whatever the pages' language.
      return try file(target) ?? words.writingNumbers { try route(target) }
    } catch {
      return page(of: problem(error))
    }
  }

  /// A page for people.
  private func route(_ target: RequestTarget) throws -> PageResponse {
    let path = target.path
    switch (path.count, path.first, path.count > 2 ? path[2] : nil) {
    case (0, _, _): return try runList()
    case (1, "compare", _): return try comparison(target)
    case (2, "runs", _): return try run(shelf.record(of: path[1]))
    case (3, "runs", "findings"): return try findings(shelf.record(of: path[1]), target)
    case (3, "runs", "samples"): return try samples(shelf.record(of: path[1]), target)
    case (3, "runs", "heatmaps"): return try heatmaps(shelf.record(of: path[1]))
    case (4, "runs", "samples"): return try sample(path[3], shelf.record(of: path[1]))
    default: throw PageProblem.notFound(words("serve.problem.page"))
    }
  }

  /// A file; nil where the address is none of a file.
  private func file(_ target: RequestTarget) throws -> PageResponse? {
    let path = target.path
    switch (path.count, path.first, path.count > 2 ? path[2] : nil) {
    case (1, "style.css", _): return style
    case (1, "compare.json", _): return try comparisonFile(target)
    case (3, "runs", "findings.csv"): return try findingsFile(shelf.record(of: path[1]), target)
    case (3, "runs", .some(let name)) where Self.reportFiles[name] != nil:
      return try reportFile(name, shelf.record(of: path[1]))
    case (4, "runs", "heatmaps"): return try heatmap(path[3], shelf.record(of: path[1]))
    default: return nil
    }
  }

  private var style: PageResponse {
    let text = templates.style + ReportTemplates.servedStyle
    return PageResponse(type: "text/css; charset=utf-8", body: Array(text.utf8))
  }
}
