import Checks
import Foundation
import Testing

@testable import Reports

@Suite("Checks for machines")
struct ChecksMachineFormsTests {
  private var schema: SchemaChecker {
    get throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../reports/schema/check.schema.json")
      return try SchemaChecker(try Data(contentsOf: file))
    }
  }

  @Test(
    "JSON keeps the check, gives the same bytes twice and fits its schema",
    arguments: SampleChecks.all)
  func json(sample: Sample<CheckRecord>) throws {
    let check = sample.value
    let bytes = try check.json.encoded()
    #expect(try check.json.encoded() == bytes && bytes.last == UInt8(ascii: "\n"))
    let read = try CheckJSON(decoding: bytes)
    #expect(read.check == check && read.outcome == check.outcome)
    #expect(read.sentence == check.sentence)
    #expect(try schema.problems(in: Data(bytes)) == [])
  }

  @Test("JSON keeps hostile names as they are", arguments: SampleChecks.hostile)
  func hostileJSON(name: Sample<String>) throws {
    let bytes = try SampleChecks.hostile(name.value).json.encoded()
    #expect(try CheckJSON(decoding: bytes).check.candidate.name == name.value)
    #expect(try schema.problems(in: Data(bytes)) == [])
  }

  @Test("The schema sees what is missing, unknown and of another type")
  func schemaCheck() throws {
    let text = String(decoding: try SampleChecks.failed.json.encoded(), as: UTF8.self)
    func problems(_ old: String, _ new: String) throws -> [String] {
      #expect(text.contains(old))
      return try schema.problems(in: Data(text.replacing(old, with: new).utf8))
    }
    #expect(try problems("\"isVeto\" : true", "\"veto\" : true") != [])
    #expect(try problems("\"newly broken\"", "\"broken\"") != [])
    #expect(try problems("\"seed\" : 7", "\"seed\" : \"7\"") != [])
    #expect(try problems("assay-check", "assay-report") != [])
  }

  @Test("Numbers that JSON lacks survive, and a newer or foreign file is refused")
  func edges() throws {
    var check = SampleChecks.passed
    check.gates[0].upper = .infinity
    let bytes = try check.json.encoded()
    #expect(try CheckJSON(decoding: bytes).check.gates[0].upper == .infinity)
    #expect(try schema.problems(in: Data(bytes)) == [])
    let newer = #"{"format": "assay-check", "schemaVersion": 99}"#
    #expect(throws: ReportFormatError.self) { try CheckJSON(decoding: Array(newer.utf8)) }
    let report = #"{"format": "assay-report", "schemaVersion": 1}"#
    #expect(throws: ReportFormatError(expected: "assay-check", got: "assay-report")) {
      try CheckJSON(decoding: Array(report.utf8))
    }
  }

  @Test("JUnit counts what makes the check fail, and what leaves it open")
  func junit() throws {
    // gates; replay has a case an outcome of the one norm; soundness the budget and the veto.
    let suites = try suites(SampleChecks.failed)
    #expect(suites.map { $0["name"] } == ["gates", "replay", "soundness"])
    #expect(suites.map { $0["tests"] } == ["5", "4", "2"])
    #expect(suites.map { $0["failures"] } == ["2", "0", "0"])
    #expect(suites.map { $0["skipped"] } == ["1", "0", "1"])
    let passed = try self.suites(SampleChecks.passed)
    #expect(passed.map { $0["failures"] } == ["0", "0", "0"])
    #expect(passed.map { $0["skipped"] } == ["0", "0", "0"])
    #expect(try self.suites(SampleChecks.inconclusive).map { $0["skipped"] } == ["2", "0", "0"])
    #expect(try self.suites(SampleChecks.exhausted).map { $0["skipped"] } == ["0", "0", "2"])
  }

  @Test(
    "A check has failures in JUnit exactly if it failed, and its counts add up",
    arguments: SampleChecks.all)
  func consistency(sample: Sample<CheckRecord>) throws {
    let check = sample.value
    let bytes = check.junit.encoded()
    #expect(check.junit.encoded() == bytes)
    let outline = try Outline(xml: Data(bytes))
    let failures = outline.elements.count { $0.name == "failure" }
    #expect((failures > 0) == (check.outcome == .failed))
    let total = try #require(outline.elements.first { $0.name == "testsuites" }).attributes
    #expect(total["tests"] == "\(outline.elements.count { $0.name == "testcase" })")
    #expect(total["failures"] == "\(failures)" && total["errors"] == "0")
    #expect(total["skipped"] == "\(outline.elements.count { $0.name == "skipped" })")
  }

  @Test("JUnit's cases name what was replayed and list the samples")
  func replay() throws {
    let outline = try Outline(xml: Data(SampleChecks.passed.junit.encoded()))
    let cases = outline.elements.filter {
      $0.name == "testcase" && $0.attributes["classname"] == "replay"
    }
    #expect(
      cases.map { $0.attributes["name"] } == [
        "L∞: 0 transferred", "L∞: 1 fixed", "L∞: 2 newly broken", "L∞: 1 withstood",
      ])
    #expect(cases[2].text == "row 1 (sample 1), row 3 (sample 3)")
    let many = try Outline(xml: Data(SampleChecks.newlyBroken(53).junit.encoded()))
    #expect(many.elements.contains { $0.text.hasSuffix("row 49 (sample 49) and 3 more") })
  }

  @Test("JUnit is well formed with any name, and bounded", arguments: SampleChecks.hostile)
  func hostileJUnit(name: Sample<String>) throws {
    let bytes = SampleChecks.hostile(name.value).junit.encoded()
    #expect(bytes.count < 20_000)
    let outline = try Outline(xml: Data(bytes))
    let gate = try #require(outline.elements.first { $0.name == "testcase" })
    #expect(gate.attributes["name"] == DisplayText.line(name.value, limit: 200))
    #expect(!outline.elements.contains { $0.name == "script" })
  }

  private func suites(_ check: CheckRecord) throws -> [[String: String]] {
    try Outline(xml: Data(check.junit.encoded())).elements.filter { $0.name == "testsuite" }
      .map(\.attributes)
  }
}
