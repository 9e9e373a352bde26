import Assessments
import Audits
import Foundation
import Models
import Statistics
import Tensors
import Testing

@testable import ReportTemplates
@testable import Reports

@Suite("Sections on corruptions, data and drift")
struct DataSectionTests {
  private static let hostile = "<script>alert('x')</script>\" & {name}"

  private static let input = InputSpecification.table([
    Feature(name: hostile, range: ValueRange(0...10)),
    Feature(name: "housing", kind: .categorical, categories: ["own", hostile]),
  ])

  /// Answers by the first feature.
  private struct Threshold: Classifier {
    let input = DataSectionTests.input
    let classNames = ["good", "bad"]
    let microBatch = 8

    func logits(_ inputs: Tensor) throws -> Tensor {
      let values = inputs.floats
      let rows = (0..<inputs.shape[0]).flatMap { row -> [Float] in [0, values[row * 3] - 5] }
      return Tensor(rows, shape: [inputs.shape[0], 2])
    }
  }

  private static func samples(_ count: Int, seed: UInt64, shift: Double = 0) -> LabelledSamples {
    let rows = (0..<count).flatMap { sample -> [Float] in
      var random = RandomStream(seed: seed, purpose: "rows", sample: sample)
      let value = min(max(5 + shift + 1.5 * random.normal(), 0), 10)
      return [Float(value), random.uniform() < 0.5 ? 0 : 1]
    }
    return LabelledSamples(
      inputs: Tensor(rows, shape: [count, 2]),
      labels: (0..<count).map { rows[2 * $0] > 5 ? 1 : 0 }, samples: Array(0..<count))
  }

  private func words() throws -> Words { Words(try ReportTemplates.builtIn()) }

  private func chapter(_ assessments: Assessments) throws -> Chapter {
    var record = SampleRecords.credit(robust: false)
    record.assessments = assessments
    return Chapter(number: 2, records: [record], names: [Self.hostile], words: try words())
  }

  private func assessed(shift: Double, leaks: Int) throws -> Assessments {
    let training = Self.samples(300, seed: 1)
    var audited = Self.samples(120, seed: 2, shift: shift)
    audited.inputs.setRows(Array(0..<leaks), to: training.inputs.rows(0..<leaks))
    var assessments = Assessments()
    assessments.dataSheet = DataSheet(
      audited: audited, training: training, input: Self.input, classNames: ["good", "bad"],
      nearTolerance: 1e-6)
    assessments.drift = try DriftAssessment(
      of: Threshold(), audited: audited, training: training)
    assessments.corruptions = try CorruptionAssessment(
      of: Threshold(), on: audited, training: training, seed: 3)
    return assessments
  }

  private func outline(_ markup: Markup) throws -> Outline {
    try Outline(xml: Data("<div>\(markup.source)</div>".utf8))
  }

  @Test("Nothing is said where nothing was measured")
  func empty() throws {
    let chapter = try chapter(Assessments())
    #expect(chapter.corruptions.isEmpty && chapter.data.isEmpty)
  }

  @Test("Names in data stay text, and the same record gives the same markup")
  func escaping() throws {
    let chapter = try chapter(assessed(shift: 2, leaks: 3))
    for markup in [chapter.corruptions, chapter.data] {
      let outline = try outline(markup)
      #expect(!outline.elements.contains { $0.name == "script" })
      #expect(!outline.elements.isEmpty)
    }
    #expect(try outline(chapter.data).elements.contains { $0.text == Self.hostile })
    #expect(chapter.data == chapter.data && chapter.corruptions == chapter.corruptions)
  }

  @Test("Leaks and drift are called out where they are, and denied where they are not")
  func callouts() throws {
    func callouts(_ assessments: Assessments) throws -> [String] {
      try outline(chapter(assessments).data).elements
        .filter { $0.attributes["class"] == "callout" }.map(\.text)
    }
    let found = try callouts(assessed(shift: 2, leaks: 3))
    #expect(found.count == 2)
    #expect(found[0].contains("120") && found[0].contains("3"))
    #expect(try callouts(assessed(shift: 0, leaks: 0)) == [])
    var untrained = Assessments()
    untrained.dataSheet = DataSheet(
      audited: Self.samples(40, seed: 1), input: Self.input, classNames: ["good", "bad"])
    #expect(try callouts(untrained).count == 1)
  }

  @Test("Every corruption has a row with five accuracies and their intervals")
  func corruptionTable() throws {
    let assessments = try assessed(shift: 0, leaks: 0)
    let corruptions = try #require(assessments.corruptions)
    let outline = try outline(chapter(assessments).corruptions)
    let cells = outline.elements.filter { $0.name == "td" }.map(\.text)
    for outcome in corruptions.outcomes {
      for level in outcome.levels {
        let value = NumberText.percent(try #require(level.accuracy.value))
        let range = NumberText.percentRange(
          try #require(level.accuracy.lower), try #require(level.accuracy.upper))
        #expect(cells.contains("\(value) \(range)"))
      }
    }
    let lines = outline.elements.count { $0.name == "polyline" && $0.path.contains("svg") }
    #expect(lines >= corruptions.outcomes.count)
    // Every chart says what it shows.
    let charts = outline.elements.count { $0.attributes["class"] == "chart" }
    #expect(outline.elements.count { $0.name == "desc" } == charts && charts > 0)
  }

  @Test("Every kind, unit and quantity has words")
  func vocabulary() throws {
    let known = try ReportTemplates.builtIn().words
    for kind in CorruptionKind.allCases {
      #expect(known["corruptions.kind.\(kind.rawValue)"] != nil)
    }
    for unit in CorruptionUnit.allCases {
      #expect(known["corruptions.unit.\(unit.rawValue)"] != nil)
    }
    for quantity in DriftAssessment.Quantity.allCases where quantity != .feature {
      #expect(known["data.quantity.\(quantity.rawValue)"] != nil)
    }
  }

  @Test("Bars beyond the largest index end at the edge")
  func largeIndex() throws {
    let chart = StabilityChart(
      id: "x", title: "t", description: "d", xLabel: "index",
      rows: [.init(label: "a", value: 7, chance: 0.01), .init(label: "b", value: 0, chance: 0)],
      bounds: [0.1, 0.25])
    let outline = try outline(chart.markup)
    let marks = outline.elements.compactMap { $0.attributes["cx"].flatMap(Double.init) }
    #expect(marks.count == 2 && (marks.max() ?? 500) <= 440 - 18)
  }
}
