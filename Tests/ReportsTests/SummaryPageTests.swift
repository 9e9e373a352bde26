import Audits
import Foundation
import ReportTemplates
import Testing

@testable import Reports

@Suite("The summary on one page")
struct SummaryPageTests {
  private func page(_ records: [AuditRecord]) throws -> ReportPage {
    ReportPage(document: ReportDocument(title: "t", records: records), words: Words(try .builtIn()))
  }

  private func gate(_ index: Int, _ verdict: GateResult.Verdict, value: Double) -> GateResult {
    GateResult(
      requirement: "clean accuracy of part \(index) is at least 90 %", verdict: verdict,
      value: value, lower: value - 0.1, upper: value + 0.1, threshold: 0.9, isAtLeast: true,
      reason: "")
  }

  @Test("The page is whole, accessible and the same each time, in every language")
  func whole() throws {
    for language in ReportLanguage.allCases {
      var records = SampleRecords.all
      records[0].statements = SampleStatements.all
      let document = ReportDocument(title: "Demo", records: records, language: language)
      let html = try document.summary()
      #expect(try document.summary() == html)
      let outline = try Outline(xml: Data(html.utf8))
      outline.expectSelfContained(html)
      outline.expectAccessible(language: language.rawValue)
    }
  }

  @Test("The verdict is one sentence that the gates decide")
  func verdict() throws {
    var record = SampleRecords.credit(robust: true)
    func sentence(_ verdicts: [GateResult.Verdict]) throws -> String {
      record.gates = verdicts.enumerated().map { gate($0, $1, value: $1 == .passed ? 1.05 : 0.5) }
      return try page([record]).verdictSentence
    }
    #expect(try sentence([.passed, .passed]) == "Every requirement is met (2).")
    record.gates = [gate(0, .passed, value: 0.95), gate(1, .passed, value: 1.05)]
    #expect(
      try page([record]).verdictSentence
        == "Every requirement is met (2); for 1 of them chance may have decided, since the interval "
        + "reaches beyond the threshold.")
    #expect(try sentence([.passed, .failed, .inconclusive]) == "Not met: 1 of 3 requirements.")
    #expect(
      try sentence([.passed, .inconclusive, .notMeasured])
        == "No requirement failed; without a verdict: 2 of 3.")
    #expect(try sentence([]) == "No requirements were stated, so there is no verdict.")
    record.run.isComplete = false
    #expect(
      try sentence([.passed]) == "Every requirement is met (1). The audit is not complete.")
  }

  @Test("Eight requirements are shown, failed ones first, and the rest is counted")
  func table() throws {
    var record = SampleRecords.credit(robust: true)
    record.gates =
      (0..<9).map { gate($0, .passed, value: 0.95) } + [gate(9, .failed, value: 0.2)]
    let html = try ReportDocument(title: "t", records: [record]).summary()
    let outline = try Outline(xml: Data(html.utf8))
    let rows = outline.elements.filter { $0.name == "th" && $0.attributes["scope"] == "row" }
    #expect(rows.count == ReportPage.verdictLimit)
    #expect(rows[0].text == record.gates[9].requirement)
    #expect(html.contains("Further requirements, in the full table: 2."))
  }

  @Test("Findings come by kind, one of a kind before others, the larger first")
  func order() throws {
    var record = SampleRecords.credit(robust: false)
    record.gates = [0.8, 0.1, 0.5, 0.7].enumerated().map { gate($0, .failed, value: $1) }
    record.warnings = [
      SoundnessWarning(
        name: "zero gradients", raised: "r", explanation: "e", suggestion: "s", isVeto: true)
    ]
    let words = Words(try .builtIn())
    let worst = WorstFindings([record], words)
    // One of each kind, and where there is place the gates that are left.
    #expect(
      worst.entries.map(\.finding.key)
        == ["veto", "gate", "gate", "gate", "gap", "break", "calibration"]
        .map { "finding.\($0)" })
    #expect(worst.entries[1].finding.recorded == record.gates[1].requirement)
    #expect(worst.entries[2].finding.recorded == record.gates[2].requirement)
    #expect(worst.count == 8)
    // Alone, gates fill the free places, still the farthest missed first.
    record.warnings = []
    record.measures = []
    record.findings = []
    let alone = WorstFindings([record], words).entries.map(\.finding.recorded)
    #expect(alone == [1, 2, 3, 0].map { record.gates[$0].requirement })
  }

  @Test("The nearest break is the smallest verified distance of a right answer")
  func nearest() throws {
    let record = SampleRecords.credit(robust: false)
    let right = Set(record.predictions.filter { $0.predicted == $0.label }.map(\.sample))
    let distance = record.findings
      .filter { $0.outcome == .broken && right.contains($0.sample) }.map(\.distance).min()
    let finding = try #require(
      SmallestChanges().findings(in: record, Words(try .builtIn())).first)
    #expect(
      finding.values.first { $0.name == "distance" }?.value
        == distance.map { NumberText.decimal($0) })
  }

  @Test("Nothing on record is said in words, and nobody's signature too")
  func empty() throws {
    let full = SampleRecords.series
    var record = AuditRecord(run: full.run, model: full.model, data: full.data)
    record.run.isComplete = true
    let html = try ReportDocument(title: "t", records: [record]).summary()
    #expect(html.contains("No warning, failed requirement, gap or adversarial example"))
    #expect(html.contains("Nobody has signed this audit."))
    #expect(html.contains("no attack was measured"))
    #expect(html.contains("Out of scope: nobody has written this yet."))
  }

  @Test("Signatures, dissent and conditions are named, one of several audits once")
  func signatures() throws {
    func sign(_ name: String, _ decision: SignOff.Decision, _ remarks: String) -> SignOff {
      SignOff(
        role: "validator", name: name, decision: decision, remarks: remarks,
        moment: "2026-03-04T10:00:00Z", root: "", publicKey: "", signature: "")
    }
    var records = [SampleRecords.credit(robust: false), SampleRecords.credit(robust: true)]
    for index in records.indices {
      records[index].signOffs = [
        sign("<i>Ada</i>", .conditions, "Only with <b>review</b>."), sign("Bo", .reject, "No."),
      ]
    }
    let html = try ReportDocument(title: "t", records: records).summary()
    let items = try Outline(xml: Data(html.utf8)).elements.filter { $0.name == "li" }.map(\.text)
    #expect(
      items.contains(
        "Condition of <i>Ada</i> (validator) for credit-normal, credit-adversarial: "
          + "Only with <b>review</b>."))
    let dissent = "Bo, validator: rejected 2026-03-04 10:00 UTC"
    #expect(items.count { $0 == "credit-normal, credit-adversarial: " + dissent } == 1)
    records[0].signOffs = []
    let half = try ReportDocument(title: "t", records: records).summary()
    let lines = try Outline(xml: Data(half.utf8)).elements.filter { $0.name == "li" }.map(\.text)
    #expect(lines.contains("credit-adversarial: " + dissent))
    #expect(lines.contains("Nobody has signed credit-normal."))
  }
}
