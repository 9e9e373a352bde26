import Audits
import Foundation
import Testing

@testable import Reports

@Suite("Reports for machines")
struct MachineFormsTests {
  private let document = ReportDocument(
    title: "A & B <c>", records: [SampleRecords.credit(robust: false), SampleRecords.series])

  private var schema: Data {
    get throws {
      try Data(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
          .appending(path: "../../reports/schema/report.schema.json"))
    }
  }

  @Test("JSON keeps every record, gives the same bytes twice and fits its schema")
  func json() throws {
    let bytes = try document.json().encoded()
    #expect(try document.json().encoded() == bytes)
    #expect(try ReportJSON(decoding: bytes) == (document.json()))
    let checker = try SchemaChecker(try schema)
    #expect(try checker.problems(in: Data(bytes)) == [])
    if let path = ProcessInfo.processInfo.environment["ASSAY_JSON_OUT"] {
      try Data(bytes).write(to: URL(filePath: path))
    }
  }

  @Test("The schema check sees what is missing, unknown and of another type")
  func schemaCheck() throws {
    let checker = try SchemaChecker(try schema)
    func problems(_ edit: (String) -> String) throws -> [String] {
      let text = String(decoding: try document.json().encoded(), as: UTF8.self)
      return try checker.problems(in: Data(edit(text).utf8))
    }
    #expect(try problems { $0 } == [])
    #expect(try problems { $0.replacing("\"isControl\":false", with: "\"x\":false") } != [])
    #expect(try problems { $0.replacing("\"kind\":\"integer\"", with: "\"kind\":3") } != [])
    #expect(try problems { $0.replacing("\"outcome\":[", with: "\"outcome\":[-1,") } != [])
    #expect(try problems { $0.replacing("assay-report", with: "other") } != [])
  }

  @Test("Ten thousand findings on images, some hundred of them breaks, take less than 5 MB")
  func size() throws {
    var record = SampleRecords.digits(robust: false)
    let survived = record.findings.filter { $0.outcome == .survived }
    #expect(record.findings.count - survived.count > 100)
    while record.findings.count < 10_000 { record.findings += survived }
    let bytes = try ReportJSON(title: "", records: [record]).encoded()
    #expect(bytes.count < 5_000_000)
    #expect(try ReportJSON(decoding: bytes).records[0].findings == record.findings)
  }

  @Test("Numbers that JSON lacks survive, and a newer or foreign file is refused")
  func edges() throws {
    var record = SampleRecords.series
    record.predictions[0].probabilities = [.nan, .infinity]
    let bytes = try ReportJSON(title: "", records: [record]).encoded()
    let probabilities = try ReportJSON(decoding: bytes).records[0].predictions[0].probabilities
    #expect(probabilities[0].isNaN && probabilities[1] == .infinity)
    let newer = #"{"format": "assay-report", "schemaVersion": 99}"#
    #expect(throws: ReportFormatError.self) { try ReportJSON(decoding: Array(newer.utf8)) }
    let foreign = #"{"format": "else", "schemaVersion": 1}"#
    #expect(throws: ReportFormatError(expected: "assay-report", got: "else")) {
      try ReportJSON(decoding: Array(foreign.utf8))
    }
  }

  @Test("JUnit has a suite a record and a case a gate, with failures, skips and errors")
  func junit() throws {
    var digits = SampleRecords.digits(robust: false)
    digits.gates[0].verdict = .failed
    digits.gates[0].reason = "too \"weak\" & <broken>"
    digits.gates[1].verdict = .passed
    let bytes = ReportJUnit(title: "t", records: [digits, SampleRecords.series]).encoded()
    let outline = try Outline(xml: Data(bytes))
    let suites = outline.elements.filter { $0.name == "testsuite" }
    #expect(suites.map { $0.attributes["tests"] } == ["3", "1"])
    #expect(suites.map { $0.attributes["failures"] } == ["1", "0"])
    #expect(suites.map { $0.attributes["skipped"] } == ["1", "0"])
    #expect(suites.map { $0.attributes["errors"] } == ["0", "1"])
    #expect(outline.elements.count { $0.name == "testcase" } == 4)
    let failure = try #require(outline.elements.first { $0.name == "failure" })
    #expect(failure.attributes["message"] == "too \"weak\" & <broken>")
    let cases = outline.elements.filter { $0.name == "testcase" }
    #expect(cases[0].attributes["name"] == digits.gates[0].requirement)
  }
}
