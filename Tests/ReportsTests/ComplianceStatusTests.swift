import Audits
import Testing

@testable import Reports

@Suite("The status of evidence")
struct ComplianceStatusTests {
  /// Images that attacks left standing, with one gate that passed.
  private var digits: AuditRecord {
    var record = SampleRecords.digits(robust: true)
    record.gates = [gate("clean accuracy is at least 90 %", .passed, kind: .cleanAccuracy)]
    return record
  }

  private func gate(
    _ requirement: String, _ verdict: GateResult.Verdict, kind: Measure.Kind? = nil
  ) -> GateResult {
    GateResult(
      requirement: requirement, verdict: verdict, value: 0.5, lower: 0.4, upper: 0.6,
      threshold: 0.9, isAtLeast: true, reason: "", kind: kind)
  }

  private func status(_ evidence: Evidence, _ record: AuditRecord) -> EvidenceStatus {
    RecordEvidence(record: record, chapter: 2).status(of: evidence)
  }

  private func reasons(_ evidence: Evidence, _ record: AuditRecord) -> [Shortfall.Reason] {
    status(evidence, record).shortfalls.map(\.reason)
  }

  @Test("A complete audit answers what it measured, and says what it did not")
  func measured() {
    let sections: [Evidence: String] = [
      .cleanAccuracy: "c2-performance", .calibration: "c2-calibration",
      .attacks: "c2-robustness", .explanations: "c2-explanations",
      .explanationQuality: "c2-trust", .provenance: "reproduction", .limits: "limits",
      .gates: "summary",
    ]
    for evidence in Evidence.allCases {
      let status = status(evidence, digits)
      if let section = sections[evidence] {
        let sections = evidence == .provenance ? [section, "c2-subject"] : [section]
        #expect(status == EvidenceStatus(.answered, sections: sections), "\(evidence)")
      } else {
        #expect(status.outcome == (evidence.isHuman ? .waiting : .notMeasured), "\(evidence)")
        #expect(status.shortfalls.count == 1 && status.sections.isEmpty, "\(evidence)")
      }
    }
    #expect(reasons(.groups, digits) == [.noGroups])
  }

  @Test("Groups are measured where the data state them, with every gap's interval")
  func groups() {
    var credit = SampleRecords.credit(robust: true)
    #expect(status(.groups, credit).sections == ["c2-performance"])
    credit.measures.removeAll { $0.kind == .groupGap }
    #expect(
      status(.groups, credit).shortfalls
        == [Shortfall(.noGap, run: credit.run.id, detail: "age group")])
  }

  @Test("Figures of quality are asked of every method")
  func quality() {
    let credit = SampleRecords.credit(robust: true)
    #expect(
      status(.explanationQuality, credit).shortfalls == [
        Shortfall(
          .noQuality, run: credit.run.id, detail: "input-x-gradient, integrated-gradients")
      ])
  }

  @Test("An audit that was stopped answers only where it came from and its limits")
  func incomplete() {
    let series = SampleRecords.series
    let answered = Evidence.allCases.filter { status($0, series).outcome == .answered }
    #expect(answered == [.provenance, .limits])
    #expect(reasons(.cleanAccuracy, series) == [.incomplete])
  }

  @Test("Evidence fails with the gate about it, and with no other")
  func failedGates() {
    var record = digits
    record.gates = [
      gate(
        "expected calibration error is at most 0.1", .failed, kind: .expectedCalibrationError)
    ]
    #expect(status(.calibration, record).outcome == .failed)
    #expect(status(.calibration, record).sections == ["summary", "c2-calibration"])
    #expect(status(.cleanAccuracy, record).outcome == .answered)
    #expect(status(.gates, record).outcome == .failed)
    // No change of this model withstands ε 0.3 or an L2 distance of 3: both of its gates fail. A
    // warning vetoes its figures, so that the chapter is no evidence either.
    let normal = SampleRecords.digits(robust: false)
    #expect(status(.attacks, normal).outcome == .failed)
    #expect(status(.attacks, normal).sections == ["summary"])
    #expect(reasons(.attacks, normal) == [.gateFailed, .gateFailed])
  }

  @Test("What nobody may believe, and what has no verdict, answers nothing")
  func doubts() {
    var record = SampleRecords.digits(robust: false)
    record.gates = []
    #expect(
      status(.attacks, record).shortfalls
        == [Shortfall(.veto, run: record.run.id, detail: "zero gradients")])
    #expect(reasons(.gates, record) == [.noGates])
    record.gates = [gate("a", .inconclusive), gate("b", .passed), gate("c", .notMeasured)]
    #expect(
      status(.gates, record).shortfalls
        == [Shortfall(.undecidedGates, run: record.run.id, detail: "a; c")])
  }

  @Test("Explanations without a completeness error, or none that may be shown, are no evidence")
  func explanations() {
    var record = digits
    record.explanations.removeAll { $0.method != "saliency" }
    #expect(reasons(.explanations, record) == [.withdrawn])
    record.explanations = digits.explanations.filter { $0.method == "occlusion" }
    #expect(reasons(.explanations, record) == [.noCompleteness])
    record.explanations = []
    #expect(reasons(.explanations, record) == [.noExplanations])
    #expect(reasons(.explanationQuality, record) == [.noExplanations])
  }

  @Test("An item is as good as its worst evidence, over all audits")
  func items() throws {
    let profile = try ComplianceProfile.named("eu-ai-act")
    func outcomes(_ records: [AuditRecord]) throws -> [String: EvidenceStatus.Outcome] {
      let document = ReportDocument(title: "", records: records, profiles: [profile])
      let map = document.compliance(try document.manifests())[0]
      return Dictionary(uniqueKeysWithValues: map.items.map { ($0.id, $0.outcome) })
    }
    let alone = try outcomes([digits])
    func ids(_ outcome: EvidenceStatus.Outcome) -> [String] {
      alone.filter { $0.value == outcome }.keys.sorted()
    }
    #expect(ids(.answered) == ["EU-10", "EU-17", "EU-3"])
    #expect(ids(.waiting) == ["EU-1", "EU-13", "EU-18"])
    #expect(ids(.notMeasured).count == 16)
    let both = try outcomes([digits, SampleRecords.digits(robust: false), SampleRecords.series])
    #expect(both["EU-1"] == .failed && both["EU-3"] == .failed)
    #expect(both["EU-10"] == .notMeasured && both["EU-17"] == .answered)
  }
}
