import Assessments
import Audits
import Foundation
import Tensors
import Testing

@testable import ReportTemplates
@testable import Reports

@Suite("Decisions in the report")
struct DecisionPageTests {
  private func outline(_ record: AuditRecord) throws -> Outline {
    let chapter = Chapter(
      number: 3, records: [record], names: [record.model.name],
      words: Words(try ReportTemplates.builtIn()))
    let markup: Markup = "<body>\(chapter.decisions)</body>"
    return try Outline(xml: Data(markup.source.utf8))
  }

  private func texts(_ name: String, _ outline: Outline) -> [String] {
    outline.elements.filter { $0.name == name }.map(\.text)
  }

  @Test("Nothing is said where nothing was measured")
  func absence() throws {
    #expect(try outline(SampleRecords.credit(robust: false)).elements.map(\.name) == ["body"])
  }

  @Test("Values are told in words and units, beside what is typical")
  func examples() throws {
    let found = try outline(SampleRecords.decided())
    let cells = texts("td", found)
    #expect(cells.contains("36\u{A0}months") && cells.contains("24\u{A0}months"))
    let items = texts("li", found)
    #expect(items.count == 5)
    #expect(items.first == "duration: 36\u{A0}months (typical 24\u{A0}months; 64.7\u{A0}%)")
    #expect(items[1].hasSuffix("may be no reason"))
    #expect(items[3].hasPrefix("checking account: overdrawn (typical none;"))
    #expect(texts("details", found).count == 2)
  }

  @Test("Each example is shown once, by its rule")
  func rules() throws {
    let captions = texts("caption", try outline(SampleRecords.decided()))
    #expect(captions.filter { $0.contains("nearest to the cut-off") }.count == 1)
    // Applicant 9 is the least stable as well, and is not shown twice.
    #expect(captions.filter { $0.hasPrefix("applicant 10:") }.count == 1)
    #expect(captions.filter { $0.hasPrefix("applicant 8:") }.count == 1)
  }

  @Test("Reasons that failed their control are withdrawn: the evidence stays, they do not")
  func withdrawal() throws {
    let found = try outline(SampleRecords.decided(isWithdrawn: true))
    #expect(found.elements.contains { $0.attributes["class"] == "callout" })
    #expect(!texts("td", found).contains("36\u{A0}months"))
    #expect(!texts("li", found).contains { $0.contains("duration") })
    #expect(texts("td", found).contains { $0.hasPrefix("✕") })
    // What counterfactuals found does not rest on reasons.
    #expect(texts("td", found).contains { $0.contains("→") })
  }

  @Test("Counterfactuals name the change, its cost and who has none")
  func counterfactuals() throws {
    let cells = texts("td", try outline(SampleRecords.decided()))
    #expect(
      cells.contains(
        "duration 36\u{A0}months → 24\u{A0}months; checking account overdrawn → none"))
    #expect(cells.contains { $0.contains("does not prove") })
  }

  @Test("Tables have captions and headers, headings do not repeat identifiers")
  func accessibility() throws {
    let found = try outline(SampleRecords.decided())
    let tables = found.elements.count { $0.name == "table" }
    #expect(found.elements.count { $0.name == "caption" } == tables && tables >= 9)
    let identifiers = found.elements.compactMap { $0.attributes["id"] }
    #expect(Set(identifiers).count == identifiers.count)
  }

  @Test("Markup in names of features and applicants stays text")
  func escaping() throws {
    let hostile = "<script>alert(1)</script>\u{202E}\"'&"
    var record = SampleRecords.decided()
    record.model.input.features[0].name = hostile
    record.assessments.reasonCodes?.applicants[0].reasons[0].feature = hostile
    record.assessments.reasonCodes?.frequencies[0].feature = hostile
    record.assessments.counterfactuals?.applicants[0].counterfactuals[0].changes[0].feature =
      hostile
    let found = try outline(record)
    #expect(!found.elements.contains { $0.name == "script" })
    #expect(texts("th", found).contains(hostile.replacing("\u{202E}", with: "\u{FFFD}")))
  }
}
