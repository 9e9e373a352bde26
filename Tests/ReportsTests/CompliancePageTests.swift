import Audits
import Foundation
import Testing

@testable import ReportTemplates
@testable import Reports

@Suite("The clause map")
struct CompliancePageTests {
  private func document(_ profiles: [ComplianceProfile]) -> ReportDocument {
    ReportDocument(
      title: "Demonstration",
      records: [SampleRecords.credit(robust: false), SampleRecords.series], profiles: profiles)
  }

  @Test("A report with every profile is whole, accessible and the same each time")
  func page() throws {
    let profiles = try ComplianceProfile.builtIn()
    let html = try document(profiles).html()
    #expect(try document(profiles).html() == html)
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    let headers = outline.elements.filter { $0.name == "th" && $0.attributes["scope"] == "row" }
    for item in profiles.flatMap(\.items) {
      #expect(headers.count { $0.text == item.id } == 1, "\(item.id)")
    }
    let unconfirmed = profiles.flatMap(\.items).count { !$0.confirmed }
    #expect(html.components(separatedBy: ">wording not confirmed<").count - 1 == unconfirmed)
  }

  @Test("Every kind of evidence, and every reason why it lacks, has a sentence")
  func sentences() throws {
    let words = try ReportTemplates.builtIn().words
    for evidence in Evidence.allCases { #expect(words["evidence.\(evidence.rawValue)"] != nil) }
    for reason in Shortfall.Reason.allCases where reason != .never {
      #expect(words["compliance.reason.\(reason.rawValue)"] != nil, "\(reason)")
    }
    let record = RecordEvidence(record: SampleRecords.series, chapter: 2)
    for shortfall in Evidence.allCases.flatMap({ record.status(of: $0).shortfalls })
    where shortfall.reason == .never {
      #expect(words["compliance.never.\(shortfall.detail)"] != nil, "\(shortfall.detail)")
    }
  }

  @Test("Without a profile the page and the JSON are what they are without this chapter")
  func absent() throws {
    let bare = try document([]).html()
    #expect(
      bare
        == (try ReportDocument(title: "Demonstration", records: document([]).records).html()))
    #expect(!bare.contains("compliance"))
    let json = String(decoding: try document([]).json().encoded(), as: UTF8.self)
    #expect(!json.contains("\"compliance\""))
    // The chapter and its line in the contents are all that a profile adds; numbers move on.
    let full = try document([try ComplianceProfile.named("fda")]).html()
    let chapter =
      /<section class="chapter" aria-labelledby="compliance">[\s\S]*?<\/section>\n/
    let line = /<li><a href="#compliance">.*?<\/li>\n/
    let number = /<span class="no">\d+<\/span>/
    let rest = full.replacing(chapter, with: "").replacing(line, with: "")
    #expect(rest.replacing(number, with: "") == bare.replacing(number, with: ""))
    #expect(rest != full)
  }

  @Test("The JSON form fits its schema and can be read again")
  func json() throws {
    let document = document(try ComplianceProfile.builtIn())
    let bytes = try document.json().encoded()
    let schema = try Data(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../reports/schema/report.schema.json"))
    #expect(try SchemaChecker(schema).problems(in: Data(bytes)) == [])
    #expect(try ReportJSON(decoding: bytes) == (document.json()))
    #expect(try document.json().compliance?.map(\.name) == document.profiles.map(\.name))
  }

  @Test("Markup in a profile and in the records stays text")
  func escaping() throws {
    let hostile = "<script>alert('x')</script>\" onload=\"y & {{body}} {detail} ]]>"
    var profile = try ComplianceProfile.named("iso-42001")
    profile.title = hostile
    profile.source = hostile
    profile.note = hostile
    profile.items[0].id = hostile
    profile.items[0].clause = hostile
    profile.items[0].asks = hostile
    var record = SampleRecords.digits(robust: false)
    record.gates[0].requirement = hostile
    let html = try ReportDocument(title: "t", records: [record], profiles: [profile]).html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    #expect(outline.elements.contains { $0.name == "h3" && $0.text == hostile })
    let cells = outline.elements.filter { $0.name == "td" }.map(\.text)
    #expect(cells.contains { $0.contains("a requirement was not met: \(hostile)") })
  }
}
