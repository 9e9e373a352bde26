import Audits
import Foundation
import ReportTemplates
import Statistics
import Testing

@testable import Assessments
@testable import Reports

@Suite("Groups in the report")
struct GroupsPageTests {
  /// A record with two attributes, with or without a decision.
  private func record(isDecision: Bool, names: [String] = ["sex", "age"]) -> AuditRecord {
    var record = SampleRecords.credit(robust: false)
    let predictions = record.predictions
    record.assessments.groups = GroupAssessment(
      GroupedOutcomes(
        labels: predictions.map(\.label), predicted: predictions.map(\.predicted),
        positiveClass: 0, accepted: isDecision ? predictions.map { $0.predicted == 0 } : nil,
        attributes: predictions.map { prediction in
          [
            .init(names[0], prediction.sample % 2 == 0 ? "female" : "male"),
            .init(names[1], prediction.sample < 12 ? "over 80" : "\(prediction.sample % 3)"),
          ]
        },
        threats: [
          .init("L∞ 0.05", isRobust: predictions.map { $0.isCorrect && $0.sample % 2 == 1 })
        ]), bootstrap: Bootstrap(resamples: 50, seed: 7))
    return record
  }

  private func outline(_ record: AuditRecord) throws -> Outline {
    let html = try ReportDocument(title: "Groups", records: [record]).html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    return outline
  }

  private func texts(_ name: String, _ outline: Outline) -> [String] {
    outline.elements.filter { $0.name == name }.map(\.text)
  }

  @Test("every gap has its slices, its p-values and what could have been seen")
  func gaps() throws {
    let record = record(isDecision: true)
    let assessment = try #require(record.assessments.groups)
    let outline = try outline(record)
    let rows = texts("tr", outline)
    let text = GroupText(assessment, record: record, words: Words(try .builtIn()))
    for partition in assessment.partitions {
      for gap in partition.all.gaps {
        let expected = [
          NumberText.percent(try #require(gap.estimate.value)),
          text.extreme(partition, gap, gap.lowest), text.extreme(partition, gap, gap.highest),
          NumberText.probability(try #require(gap.adjustedProbability)),
        ]
        #expect(rows.contains { row in expected.allSatisfy(row.contains) })
      }
    }
    #expect(texts("li", outline).contains { $0.contains("A difference is shown: sex:") })
  }

  @Test("a gap that a test shows stands before a larger one that may be chance")
  func shownFirst() throws {
    var record = record(isDecision: false)
    var groups = try #require(record.assessments.groups)
    for index in groups.partitions.indices {
      groups.partitions[index].withoutSmall = nil
      groups.partitions[index].all.gaps[0].estimate.value = index == 0 ? 0.25 : 0.5
      groups.partitions[index].all.gaps[0].adjustedProbability = index == 0 ? 0.01 : 0.9
    }
    record.assessments.groups = groups
    let shown = texts("li", try outline(record)).filter { $0.hasPrefix("Clean accuracy: the") }
    #expect(shown.count == 1)
    #expect(
      shown.first?.hasPrefix("Clean accuracy: the largest gap that is shown is 25.0\u{A0}%") == true
    )
    #expect(shown.first?.contains("A difference is shown: sex:") == true)
    record.assessments.groups?.partitions[0].all.gaps[0].adjustedProbability = 0.9
    let open = texts("li", try outline(record)).filter { $0.hasPrefix("Clean accuracy: the") }
    #expect(open.first?.hasPrefix("Clean accuracy: the largest gap is 50.0\u{A0}%") == true)
    #expect(open.first?.contains("No difference is shown") == true)
  }

  @Test("every slice has its number of samples, and few ones a mark")
  func slices() throws {
    let record = record(isDecision: true)
    let assessment = try #require(record.assessments.groups)
    let outline = try outline(record)
    let details = outline.elements.filter { $0.name == "tr" && $0.path.contains("details") }
    for slice in assessment.partitions.flatMap(\.slices) {
      let mark = slice.isSmall ? " ⚠" : ""
      #expect(
        details.contains {
          $0.text.contains(slice.values.joined(separator: ", "))
            && $0.text.contains("\(slice.count)\(mark)")
        })
    }
    let ages = assessment.partitions[1].slices
    #expect(ages.contains { $0.isSmall })
    #expect(texts("tr", outline).contains { $0.contains("n ≥ 30 only") })
  }

  @Test("terms of decisions appear only where there is a decision")
  func decisions() throws {
    let decided = try outline(record(isDecision: true)).elements[0].text
    let plain = try outline(record(isDecision: false)).elements[0].text
    for term in ["Four-fifths rule", "Selection rate", "Equalised odds"] {
      #expect(decided.contains(term) && !plain.contains(term))
    }
    #expect(plain.contains("Predicted good"))
  }

  @Test("four fifths are missed only where the difference is shown, and met by the whole interval")
  func fourFifths() throws {
    var record = record(isDecision: true)
    func judgement(_ lower: Double, _ upper: Double, _ probability: Double) throws -> String {
      let partition = record.assessments.groups?.partitions[0]
      var comparison = try #require(partition?.all)
      comparison.parity?.selectionRateRatio.lower = lower
      comparison.parity?.selectionRateRatio.upper = upper
      comparison.gaps[2].adjustedProbability = probability
      record.assessments.groups?.partitions[0].all = comparison
      let outline = try outline(record)
      let rows = texts("tr", outline)
      let row = rows.first { row in ["✓ met", "✕ missed", "? open"].contains(where: row.contains) }
      let marks = ["met", "missed", "open"]
      return marks.first { mark in row?.contains(" \(mark)") == true } ?? "none"
    }
    #expect(try judgement(0.85, 0.95, 0.5) == "met")
    #expect(try judgement(0.5, 0.7, 0.01) == "missed")
    #expect(try judgement(0.5, 0.7, 0.5) == "open")
    #expect(try judgement(0.7, 0.9, 0.01) == "open")
  }

  @Test("names from data stay text, however long")
  func hostile() throws {
    let name = "<script>alert('x')</script>\" & {slice}"
    let long = String(repeating: "attribute ", count: 1_000)
    let outline = try outline(record(isDecision: true, names: [name, long]))
    #expect(texts("th", outline).contains(name))
    #expect(!outline.elements.contains { $0.name == "script" })
  }

  @Test("a record without groups has no such section")
  func absent() throws {
    let titles = texts("h3", try outline(SampleRecords.credit(robust: false)))
    #expect(!titles.contains { $0.contains("Groups and slices") })
    let present = texts("h3", try outline(record(isDecision: false)))
    #expect(present.contains { $0.contains("Groups and slices") })
  }

  @Test("the line of no difference may stand elsewhere than at zero")
  func reference() throws {
    var chart = IntervalChart(
      id: "i", title: "t", description: "d", xLabel: "x",
      rows: [.init(label: "a", value: 0.8, lower: 0.7, upper: 0.9, tone: .worse)])
    chart.reference = 1
    #expect(abs(chart.plot.x.values.lowerBound - 0.7) < 1e-12)
    #expect(chart.plot.x.values.upperBound == 1)
    let outline = try Outline(xml: Data(chart.markup.source.utf8))
    let line = try #require(outline.elements.first { $0.attributes["class"] == "ideal" })
    #expect(line.attributes["x1"] == "422")
  }
}
