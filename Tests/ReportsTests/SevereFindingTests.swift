import Audits
import ReportTemplates
import Statistics
import Tensors
import Testing

@testable import Assessments
@testable import Reports

@Suite("What speaks against a model")
struct SevereFindingTests {
  private func sentences(_ source: any FindingSource, _ record: AuditRecord) throws -> [String] {
    let words = Words(try .builtIn())
    return source.findings(in: record, words).map { $0.sentence(words) }
  }

  @Test("An accuracy that the most frequent class alone may reach is told with both numbers")
  func baseline() throws {
    var record = SampleRecords.credit(robust: false)
    let labels = record.predictions.map(\.label)
    let most = max(labels.count { $0 == 0 }, labels.count { $0 == 1 })
    let share = Double(most) / Double(labels.count)
    #expect(record.mostFrequentClass?.share == share)
    let index = try #require(record.measures.firstIndex { $0.kind == .cleanAccuracy })
    record.measures[index].lower = share + 1e-9
    #expect(try sentences(NoBetterThanBaseline(), record).isEmpty)
    record.measures[index].lower = share
    let found = try sentences(NoBetterThanBaseline(), record)
    #expect(found.count == 1)
    #expect(found.first?.contains("is not shown to be above \(NumberText.percent(share))") == true)
  }

  @Test("Probabilities that score worse than the class frequencies are told, others are not")
  func skill() throws {
    func record(_ probability: Float) -> AuditRecord {
      var record = SampleRecords.credit(robust: false)
      // Every second answer is right, and each is given with the same confidence.
      record.assessments.calibration = CalibrationAssessment(
        probabilities: (0..<40).map { _ in [probability, 1 - probability] },
        labels: (0..<40).map { $0 % 2 }, bootstrap: Bootstrap(resamples: 10, seed: 1))
      return record
    }
    // Brier score 2 (p² + (1 − p)²) / 2 against 0.5 of stating one half.
    #expect(
      try sentences(WorseThanFrequencies(), record(0.9)) == [
        "The stated probabilities are worse than the class frequencies alone: Brier score 0.820 "
          + "against 0.500."
      ])
    #expect(try sentences(WorseThanFrequencies(), record(0.5)).isEmpty)
  }

  /// Women are accepted half as often as men; a few of unstated sex never.
  private func decided(few: Int) -> AuditRecord {
    var record = SampleRecords.credit(robust: false)
    let count = 200 + few
    let accepted = (0..<count).map { $0 < 200 && ($0 % 2 == 0 || $0 % 4 == 1) }
    record.assessments.groups = GroupAssessment(
      GroupedOutcomes(
        labels: accepted.map { $0 ? 0 : 1 }, predicted: accepted.map { $0 ? 0 : 1 },
        positiveClass: 0, accepted: accepted,
        attributes: (0..<count).map {
          [.init("sex", $0 >= 200 ? "unstated" : $0 % 2 == 0 ? "male" : "female")]
        }, threats: []), bootstrap: Bootstrap(resamples: 100, seed: 7))
    return record
  }

  @Test("A gap is told between groups with enough samples, with their numbers and what was tested")
  func gaps() throws {
    let found = try sentences(CertainGaps(), decided(few: 5))
    #expect(found.count == 1)
    #expect(
      found.first?.hasPrefix(
        "Selection rate (accepted of all): sex: female: 50.0 % (n = 100) and sex: male: "
          .replacing(" %", with: "\u{A0}%") + "100.0\u{A0}% (n = 100), 50.0\u{A0}% (") == true,
      "\(found)")
    #expect(found.first?.contains("against all others: p") == true)
    #expect(found.first?.hasSuffix(", corrected for all tests.") == true)
  }

  @Test("A missed four-fifths rule is told by the groups with enough samples")
  func fourFifths() throws {
    for few in [0, 5] {
      let found = try sentences(MissedFourFifths(), decided(few: few))
      #expect(found.count == 1)
      #expect(found.first?.hasPrefix("Selection rates by sex: the lowest is 0.500 (") == true)
    }
  }

  @Test("Declined applicants with a protected reason are counted, unless reasons are withdrawn")
  func reasons() throws {
    var record = SampleRecords.decided()
    let codes = try #require(record.assessments.reasonCodes)
    let count = codes.applicants.count { $0.reasons.contains(where: \.isProtected) }
    try #require(count > 0)
    let found = try sentences(ProtectedReasons(), record)
    #expect(
      found.first?.hasPrefix(
        "Of \(codes.applicants.count) declined applicants, \(count) have a protected attribute")
        == true)
    record.assessments.reasonCodes = SampleRecords.reasonCodes(isWithdrawn: true)
    #expect(try sentences(ProtectedReasons(), record).isEmpty)
  }

  @Test("Probes, which may change everything, do not say how far attacks were allowed to go")
  func radii() throws {
    var record = SampleRecords.credit(robust: false)
    let largest = try #require(record.largestEpsilon(.linf))
    var probe = try #require(record.attacks.first { $0.norm == .linf })
    (probe.id, probe.epsilons) = ("probe/pgd/linf", [1])
    record.attacks.append(probe)
    #expect(record.largestEpsilon(.linf) == largest && largest < 1)
    let found = try sentences(SmallestChanges(), record)
    #expect(
      found.first?.hasSuffix("attacks may change up to \(NumberText.plain(largest)).") == true)
  }
}
