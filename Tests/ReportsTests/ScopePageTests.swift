import Audits
import Foundation
import ReportTemplates
import Testing

@testable import Reports

@Suite("Scope and responsibilities in the report")
struct ScopePageTests {
  private func document(
    _ statements: [HumanStatement]..., profiles: [ComplianceProfile] = []
  ) -> ReportDocument {
    let records = statements.enumerated().map { index, statements in
      var record = SampleRecords.credit(robust: index == 1)
      record.statements = statements
      return record
    }
    return ReportDocument(title: "t", records: records, profiles: profiles)
  }

  private func outline(_ document: ReportDocument) throws -> Outline {
    let html = try document.html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    return outline
  }

  @Test("Where nobody has written anything, every question is listed as open")
  func nothing() throws {
    let outline = try outline(document([]))
    let callouts = outline.elements.filter { $0.attributes["class"] == "callout" }.map(\.text)
    #expect(callouts.contains { $0.hasPrefix("Nobody has written this yet") })
    let items = outline.elements.filter { $0.name == "li" }.map(\.text)
    #expect(items.contains("Who can overrule or stop the system, and how?"))
    #expect(items.contains { $0.hasPrefix("Which hazards are there?") })
  }

  @Test("Answers are shown, an empty one as missing with its question")
  func missing() throws {
    let outline = try outline(document(SampleStatements.without(.oversight, "stop")))
    let texts = outline.elements.filter { $0.name == "dd" }.map(\.text)
    #expect(texts.contains("Answer to oversight, bias."))
    let open = outline.elements.filter {
      $0.name == "div" && $0.attributes["class"] == "callout"
    }.map(\.text)
    #expect(open.count == 1)
    #expect(open[0].contains("Nobody has written this yet:"))
    #expect(open[0].contains("Who can overrule or stop the system, and how?"))
    let rows = outline.elements.filter { $0.name == "td" }.map(\.text)
    #expect(rows.contains("residual-risk 2"))
  }

  @Test("Models with the same statements share them, others have their own")
  func sets() throws {
    let same = document(SampleStatements.all, SampleStatements.all)
    let different = document(SampleStatements.all, [])
    func pages(_ document: ReportDocument) throws -> Int {
      ReportPage(document: document, words: Words(try .builtIn())).statementSets.count
    }
    #expect(try pages(same) == 1 && pages(different) == 2)
    _ = try outline(different)
  }

  @Test("Text of people cannot become markup")
  func hostile() throws {
    let text = """
      <script>alert('x')</script> "{{body}}" {name} &amp; ]]> \u{202E}rtl\u{0} 👩‍👩‍👧
      second line

      \(String(repeating: "long ", count: 2_000))
      """
    let statements = SampleStatements.all.map {
      HumanStatement(subject: $0.subject, question: $0.question, text: text)
    }
    let odd = HumanStatement(subject: .roles, question: "<b>old</b>", text: "x")
    let outline = try outline(document(statements + [odd]))
    let paragraphs = outline.elements.filter { $0.name == "p" && $0.path.last == "dd" }.map(\.text)
    let first = "<script>alert('x')</script> \"{{body}}\" {name} &amp; ]]> \u{FFFD}rtl\u{FFFD} 👩‍👩‍👧"
    #expect(paragraphs.contains { $0.hasPrefix(first) && $0.hasSuffix("second line") })
  }

  @Test("Evidence of people is answered when no question about it is open")
  func evidence() throws {
    let subjects: [Evidence: (HumanStatement.Subject, String)] = [
      .intendedUse: (.misuse, "foreseeable"), .riskRegister: (.risks, "register.1.harm"),
      .oversight: (.oversight, "bias"), .monitoringPlan: (.monitoring, "triggers"),
      .roles: (.roles, "validator"),
    ]
    var record = SampleRecords.credit(robust: false)
    func status(_ evidence: Evidence) -> EvidenceStatus {
      RecordEvidence(record: record, chapter: 3).status(of: evidence)
    }
    for (evidence, (subject, question)) in subjects {
      record.statements = []
      #expect(status(evidence) == EvidenceStatus(.waiting, shortfalls: [Shortfall(.person)]))
      record.statements = SampleStatements.all
      #expect(status(evidence) == EvidenceStatus(.answered, sections: ["scope"]))
      record.statements = SampleStatements.without(subject, question)
      let open = status(evidence)
      #expect(open.outcome == .waiting)
      #expect(
        open.shortfalls == [
          Shortfall(.openQuestions, run: record.run.id, detail: "\(subject.rawValue)/\(question)")
        ])
    }
    let page = document(
      SampleStatements.without(.misuse, "prevention"), profiles: [try .named("fda")])
    let cells = try outline(page).elements.filter { $0.name == "td" }.map(\.text)
    let sentence =
      "people have still to answer: Foreseeable misuse: What prevents it, or makes it noticed?"
    #expect(cells.contains { $0.contains(sentence) })
  }
}
