import Checks
import Ledger
import ReportTemplates
import Reports

extension Site {
  /// What an error means to a reader.
  func problem(_ error: any Error) -> PageProblem {
    switch error {
    case let problem as PageProblem: problem
    case let error as LedgerError:
      switch error.fact {
      case .unknownRun(let run, _): .notFound(words("serve.problem.run", ["run": run]))
      case .ambiguousRun: .badRequest(error.description)
      default: PageProblem(status: 500, sentence: error.description)
      }
    case let error as ComparisonError: .badRequest("\(error)")
    default: PageProblem(status: 500, sentence: "\(error)")
    }
  }

  /// The page that says why there is no other.
  func page(of problem: PageProblem) -> PageResponse {
    let title = words("serve.problem.title.\(problem.status)")
    return page(
      title: title, lead: problem.sentence, content: [homeLink], status: problem.status)
  }

  /// A plain page: whoever may not see the others may not see their style either.
  func refused(_ refusal: AccessRules.Refusal) -> PageResponse {
    let sentence = words("serve.refused.\(refusal.rawValue)")
    let title = words("serve.refused.title")
    let status = refusal == .method ? 405 : 403
    let body: Markup = """
      <main><h1>\(title)</h1><p>\(sentence)</p>\
      \(refusal == .token ? homeLink : .empty)</main>
      """
    var skeleton = templates
    skeleton.page = ReportTemplates.servedPage.replacing(
      "<link rel=\"stylesheet\" href=\"/style.css\"/>\n", with: "")
    var response = PageResponse.page(skeleton.filled(title: title, body: body), status: status)
    if refusal == .method { response.headers.append(.init("Allow", "GET, HEAD")) }
    return response
  }

  private var homeLink: Markup { "<p><a href=\"/\">\(words("serve.home"))</a></p>" }
}
