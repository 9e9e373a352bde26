import Attestations
import Audits
import Foundation
import Testing

@testable import Reports

@Suite("The sign-off of a report")
struct SignOffPageTests {
  private let hostile = "<script>alert('x')</script>"

  /// A signed record, another that nobody signed beside it.
  private func records() throws -> [AuditRecord] {
    var credit = SampleRecords.credit(robust: false)
    let key = SigningKey()
    func sign(
      _ role: String, _ decision: SignOff.Decision, _ remarks: String
    ) throws -> SignOff {
      try key.sign(
        SignOffStatement(
          run: credit.run.id, root: ReportDocument.manifest(of: credit).root, role: role,
          name: "\(hostile) \(role)", decision: decision, moment: "2026-03-02T09:15:00Z",
          remarks: remarks))
    }
    let earlier = try sign("developer", .approve, "")
    credit.statements = [HumanStatement(subject: .misuse, question: "q", text: "Changed.")]
    var forged = try sign("validator", .conditions, "Not for minors.")
    credit.signOffs = [earlier, forged, try sign("approver", .reject, "Too weak.")]
    forged.remarks = "For everybody."
    credit.signOffs.append(forged)
    credit.events = [
      RunEvent(moment: "2026-03-01T00:00:00Z", action: .begun),
      RunEvent(moment: "2026-03-02T09:15:00Z", action: .signed, detail: hostile),
    ]
    return [credit, SampleRecords.series]
  }

  private func outline(of records: [AuditRecord]) throws -> Outline {
    let html = try ReportDocument(title: "Demonstration", records: records).html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    return outline
  }

  @Test("every signature stands with its decision and what it is worth, dissent too")
  func signatures() throws {
    let records = try records()
    let cells = try outline(of: records).elements.filter { $0.name == "td" }.map(\.text)
    for (words, count) in [
      ("genuine, over this state", 2), ("genuine, of an earlier state", 1), ("not genuine", 1),
      ("approved under conditions", 2), ("rejected", 1), ("Too weak.", 1),
    ] {
      #expect(cells.count { $0 == words } == count, "\(words)")
    }
    #expect(cells.contains { $0 == records[0].signOffs[0].key?.fingerprint })
  }

  @Test("roots, their leaves, the commands that verify and the events are there")
  func roots() throws {
    let records = try records()
    let outline = try outline(of: records)
    for record in records {
      let manifest = try ReportDocument.manifest(of: record)
      let codes = outline.elements.filter { $0.name == "code" }.map(\.text)
      for sum in [manifest.root] + manifest.leaves.map(\.sha256) { #expect(codes.contains(sum)) }
      #expect(
        outline.elements.contains {
          $0.name == "pre" && $0.text.contains("assay verify \(record.run.id) --report .")
        })
    }
    #expect(outline.elements.contains { $0.name == "td" && $0.text == hostile })
    let name = records[1].model.name
    #expect(
      outline.elements.contains {
        $0.name == "p" && $0.text.hasPrefix("Nobody has signed ") && $0.text.contains(name)
      })
  }

  @Test("the manifest of a run does not depend on what was signed or noted since")
  func manifest() throws {
    var record = try records()[0]
    let manifest = try ReportDocument.manifest(of: record)
    (record.signOffs, record.events, record.artefacts) = ([], [], [])
    #expect(try ReportDocument.manifest(of: record) == manifest)
    let figures = try ReportDocument(title: "x", records: [SampleRecords.digits(robust: true)])
      .pictures()
    #expect(
      try ReportDocument.manifest(of: SampleRecords.digits(robust: true)).leaves.count { leaf in
        leaf.name.hasPrefix("figure ")
      } == figures.count)
    #expect(!figures.isEmpty)
  }
}
