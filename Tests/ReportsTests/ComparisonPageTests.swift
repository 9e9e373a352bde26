import Audits
import Checks
import Foundation
import ReportTemplates
import Statistics
import Testing

@testable import Reports

@Suite("The page of what changed")
struct ComparisonPageTests {
  private let history = [
    GateHistory(
      requirement: "clean accuracy is at least 95 %", threshold: 0.95, isAtLeast: true,
      points: [
        .init(
          run: "r1", started: "2026-01-01T00:00:00Z", sha256: "aa", verdict: .passed, value: 0.97,
          lower: 0.961, upper: 0.982),
        .init(
          run: "r2", started: "2026-02-01T00:00:00Z", sha256: "bb", verdict: nil, value: nil,
          lower: nil, upper: nil),
        .init(
          run: "r3", started: "2026-03-01T00:00:00Z", sha256: "cc", verdict: .failed, value: 0.94,
          lower: 0.921, upper: 0.955),
      ])
  ]

  private let bootstrap = PairedBootstrap(resamples: 100, seed: 1)

  /// A record without the controls, which sample records give no findings.
  private func attacked(_ record: AuditRecord) -> AuditRecord {
    var record = record
    record.attacks.removeAll(where: \.isControl)
    return record
  }

  /// From the robust to the normal model: many samples are newly broken.
  private func digits() throws -> ComparisonDocument {
    try ComparisonDocument(
      from: attacked(SampleRecords.digits(robust: true)),
      to: attacked(SampleRecords.digits(robust: false)), history: history, bootstrap: bootstrap)
  }

  private func credit() throws -> ComparisonDocument {
    try ComparisonDocument(
      from: SampleRecords.credit(robust: false), to: SampleRecords.credit(robust: true),
      bootstrap: bootstrap)
  }

  @Test("The page is written in the language that is asked for")
  func german() throws {
    let html = try credit().html(language: .german)
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible(language: "de")
    let titles = outline.elements.filter { $0.name == "h2" }.map(\.text)
    let words = Words(try .builtIn(language: "de"))
    #expect(titles.contains { $0.hasSuffix(words("compare.title.measures")) })
  }

  @Test("the same records give the same bytes, and a well-formed accessible page")
  func page() throws {
    let document = try digits()
    let html = try document.html()
    #expect(try digits().html() == html)
    // Where the page is to be looked at, a variable names the file.
    if let path = ProcessInfo.processInfo.environment["ASSAY_COMPARISON_OUT"] {
      try Data(html.utf8).write(to: URL(filePath: path))
    }
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    #expect(outline.elements.contains { $0.text == document.comparison.sentence })
    #expect(outline.elements.count { $0.name == "h2" } == 7)
  }

  @Test("every number of the JSON stands in the page with its exact value")
  func numbers() throws {
    for document in [try digits(), try credit()] {
      let outline = try Outline(xml: Data(try document.html().utf8))
      let shown = Set(
        outline.elements.filter { $0.name == "data" }.compactMap {
          Double($0.attributes["value"] ?? "")
        })
      let json = try JSONDecoder().decode(
        JSONNumbers.self, from: Data(try document.json.encoded()))
      #expect(json.numbers.count > 150)
      #expect(json.numbers.subtracting(shown).sorted() == [])
      #expect(outline.elements.filter { $0.name == "data" }.allSatisfy { !$0.text.isEmpty })
    }
  }

  @Test("markup, quotes and placeholders in data stay text")
  func escaping() throws {
    let hostile = "<script>alert('x')</script>\" onload=\"y\u{0} {{body}} {name} & ]]> http:"
    var records = [SampleRecords.digits(robust: true), SampleRecords.digits(robust: false)]
      .map(attacked)
    for index in records.indices {
      records[index].model.name = hostile
      records[index].run.id = hostile + "\(index)"
      records[index].run.title = hostile
      records[index].run.suiteName = hostile
      records[index].data.name = hostile
      records[index].model.classNames = records[index].model.classNames.map { $0 + hostile }
      for sample in records[index].predictions.indices {
        records[index].predictions[sample].name = hostile
        records[index].predictions[sample].groups = [NamedValue(hostile, hostile)]
      }
      for position in records[index].explanations.indices {
        records[index].explanations[position].method += hostile
      }
    }
    records[1].warnings = [
      SoundnessWarning(
        name: hostile, raised: hostile, explanation: hostile, suggestion: hostile, isVeto: true)
    ]
    records[0].gates[0].requirement = hostile
    records[1].gates[0].requirement = hostile
    records[1].gates[0].verdict = records[0].gates[0].verdict == .passed ? .failed : .passed
    var history = history
    history[0].requirement = hostile
    history[0].points[0].run = hostile
    let document = try ComparisonDocument(
      from: records[0], to: records[1], history: history, bootstrap: bootstrap)
    let html = try document.html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    let shown = hostile.replacing("\u{0}", with: "\u{FFFD}")
    for name in ["h3", "td", "th"] {
      #expect(outline.elements.contains { $0.name == name && $0.text.contains(shown) })
    }
    let titles = outline.elements.filter { $0.name == "h1" }.map(\.text)
    #expect(titles == ["\(shown) (run \(shown)1) against \(shown) (run \(shown)0)"])
  }

  @Test("image models have pictures: two panels a new example, two maps and a scale an explanation")
  func pictures() throws {
    let document = try digits()
    let new = document.comparison.breaks.reduce(0) { $0 + $1.new.count }
    #expect(new > ComparisonPage.pictureLimit && document.comparison.moves.count > 6)
    let outline = try Outline(xml: Data(try document.html().utf8))
    let pictures = outline.elements.filter { $0.name == "img" }
    #expect(pictures.count { $0.path.contains("li") } == 2 * ComparisonPage.pictureLimit)
    #expect(pictures.count { $0.path.contains("figure") } == 3 * ComparisonPage.mapLimit)
    let table = try Outline(xml: Data(try credit().html().utf8))
    #expect(!table.elements.contains { $0.name == "img" })
  }

  @Test("audits that found nothing still make a page, and one without history has no such part")
  func empty() throws {
    var record = SampleRecords.series
    record.findings = []
    record.explanations = []
    record.attacks = []
    var other = record
    other.run.id = "other"
    let document = try ComparisonDocument(from: record, to: other, bootstrap: bootstrap)
    let html = try document.html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    #expect(outline.elements.count { $0.name == "h2" } == 6)
    #expect(document.comparison.flips.isEmpty && document.comparison.breaks.isEmpty)
  }

  @Test("JSON names its format and is read back")
  func json() throws {
    let document = try credit()
    let bytes = try document.json.encoded()
    #expect(try document.json.encoded() == bytes && bytes.last == UInt8(ascii: "\n"))
    #expect(try ComparisonJSON(decoding: bytes) == document.json)
    #expect(throws: ReportFormatError(expected: "assay-comparison", got: "assay-report")) {
      try ComparisonJSON(
        decoding: try ReportJSON(title: "", records: [document.first]).encoded())
    }
  }

  @Test("intervals land where hand arithmetic puts them, and the line of no difference with them")
  func intervals() throws {
    let chart = IntervalChart(
      id: "i", title: "t", description: "d", xLabel: "x",
      rows: [
        .init(label: "a", value: 2, lower: -4, upper: 6, tone: .undecided),
        .init(label: "b", value: -5, lower: -10, upper: -2, tone: .worse),
      ])
    #expect(chart.plot.x.values == -10...10)
    let outline = try Outline(xml: Data(chart.markup.source.utf8))
    // −10…10 over 18…422: 20.2 a unit.
    let zero = try #require(outline.elements.first { $0.attributes["class"] == "ideal" })
    #expect(zero.attributes["x1"] == "220" && zero.attributes["x2"] == "220")
    let lines = outline.elements.filter { $0.name == "polyline" }.map { $0.attributes["points"] }
    #expect(lines[0] == "139.2,38 341.2,38" && lines[3] == "18,76 179.6,76")
    let mark = try #require(outline.elements.first { $0.name == "circle" })
    #expect(mark.attributes["cx"] == "260.4" && mark.attributes["cy"] == "38")
    #expect(outline.elements.contains { $0.attributes["class"] == "mark s1" })
  }

  @Test("a history is broken where nothing was measured")
  func gaps() throws {
    let chart = HistoryChart(
      id: "h", title: "t", description: "d", xLabel: "x", yLabel: "y",
      values: [0.5, 0.75, nil, 1, .nan, nil], threshold: 0.25)
    #expect(chart.segments == [[[1, 0.5], [2, 0.75]], [[4, 1]]])
    let outline = try Outline(xml: Data(chart.markup.source.utf8))
    #expect(outline.elements.count { $0.name == "polyline" } == 2)
    #expect(outline.elements.count { $0.name == "circle" } == 3)
    // The threshold lies within the frame.
    #expect(chart.plot.y.values.contains(0.25) && chart.plot.y.values.contains(1))
  }
}

/// Every number of a JSON value.
private struct JSONNumbers: Decodable {
  var numbers: Set<Double> = []

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: Key.self) {
      // The version of the form says nothing about the models.
      for key in object.allKeys where key.stringValue != "schemaVersion" {
        numbers.formUnion(try object.decode(JSONNumbers.self, forKey: key).numbers)
      }
    } else if var list = try? decoder.unkeyedContainer() {
      while !list.isAtEnd { numbers.formUnion(try list.decode(JSONNumbers.self).numbers) }
    } else {
      let value = try decoder.singleValueContainer()
      if (try? value.decode(Bool.self)) == nil, let number = try? value.decode(Double.self) {
        numbers.insert(number)
      }
    }
  }
}
