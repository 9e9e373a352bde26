import Audits
import Foundation
import ReportTemplates
import Statistics
import Tensors
import Testing

@testable import Assessments
@testable import Reports

@Suite("The section on what models rely on")
struct GlobalChapterTests {
  private let record = SampleRecords.explainedGlobally(SampleRecords.credit(robust: false))

  private func section(_ records: [AuditRecord]) throws -> Markup {
    Chapter(
      number: 3, records: records, names: records.map(\.model.name),
      words: Words(try ReportTemplates.builtIn())
    ).global
  }

  private func outline(_ records: [AuditRecord]) throws -> Outline {
    let page = "<html lang=\"en\"><h1>x</h1>\(try section(records).source)</html>"
    return try Outline(xml: Data(page.utf8))
  }

  @Test("A record without global explanations has none of it")
  func absent() throws {
    #expect(try section([SampleRecords.credit(robust: true)]).isEmpty)
    let outline = try outline([SampleRecords.credit(robust: true), record])
    #expect(outline.elements.count { $0.name == "h4" } == 2)
  }

  @Test("Parts are drawn and listed by what shuffling them costs")
  func importance() throws {
    let outline = try outline([record])
    let captions = outline.elements.filter { $0.name == "caption" }.map(\.text)
    #expect(captions.count == 4)
    let labels = outline.elements.filter { $0.name == "text" && $0.attributes["class"] == "tick" }
      .map(\.text)
    #expect(labels.contains("duration") && labels.contains("dependants"))
    let rows = outline.rows
    #expect(rows.contains { $0.contains("duration+0.200 +0.185 to +0.215") })
    #expect(rows.contains { $0.contains("installment rate−0.00200 −0.0170 to +0.0130") })
    let text = outline.elements[0].text
    // Parts whose 0.2 / k is below 0.015, and the negative one.
    #expect(text.contains("Intervals that include 0: 1 of 12."))
    #expect(text.contains("the log loss is 0.493 nats and the accuracy 76.0\u{A0}%."))
  }

  @Test("Features that go together stand beside each alone, with a warning")
  func groups() throws {
    let outline = try outline([record])
    let text = outline.elements[0].text
    #expect(text.contains("their mean association is at least 0.7"))
    let row = outline.rows.first { $0.hasPrefix("duration, amount") }
    #expect(
      row?.contains("duration +0.200, amount +0.100") == true
        && row?.contains("+0.410 +0.360 to +0.460") == true)
    #expect(text.contains("Spearman’s ρ, absolute"))
    var single = record
    single.assessments.importance?.groups = []
    #expect(!(try self.outline([single]).elements[0].text.contains("mean association")))
  }

  @Test("Protected attributes that the model sees are pointed out")
  func protectedAttributes() throws {
    var record = record
    for index in record.predictions.indices {
      record.predictions[index].groups = [NamedValue("Age", "x"), NamedValue("Telephone", "y")]
    }
    record.assessments.importance?.parts[6].loss.estimate.lower = -0.01
    let outline = try outline([record])
    let callouts = outline.elements.filter { $0.attributes["class"] == "callout" }.map(\.text)
    #expect(
      callouts == [
        "age is a protected attribute of this audit and an input of credit-normal, and its "
          + "answers get worse without it: shuffled, the log loss changes by +0.0400 nats, rank 5 of 12."
      ])
    #expect(outline.elements[0].text.contains("do not show that its answers get worse without it"))
  }

  @Test("Effects are drawn on one scale, each with its data, its sentence and its table")
  func effects() throws {
    let outline = try outline([record])
    let charts = outline.elements.filter {
      $0.attributes["aria-labelledby"]?.hasPrefix("c3-effect-") == true
    }
    #expect(charts.count == 3)
    let descriptions = outline.elements.filter { $0.name == "desc" }.map(\.text)
    #expect(
      descriptions.contains(
        "amount: from 250\u{A0}DM to 18,400\u{A0}DM, the probability of “bad” moves over 37.5 "
          + "percentage points, lowest at 250\u{A0}DM, highest at 18,400\u{A0}DM. Every stretch "
          + "holds at least 50 samples."))
    #expect(
      descriptions.contains {
        $0.hasPrefix("checking account: the probability of “bad” moves over 25.0 percentage points")
          && $0.contains("lowest for none, highest for 200 DM or more")
      })
    let text = outline.elements[0].text
    #expect(text.contains("1 none, 2 below 200 DM, 3 overdrawn, 4 200 DM or more"))
    #expect(text.contains("one value only among these samples: years employed."))
    #expect(outline.rows.contains("250\u{A0}DM–−12.5 ± 1.7"))
  }

  @Test("Several classes and log-odds have their own words")
  func logOdds() throws {
    let record = SampleRecords.explainedGlobally(
      SampleRecords.credit(robust: true), targets: [0, 1], scale: .logOdds)
    let outline = try outline([record])
    let text = outline.elements[0].text
    #expect(text.contains("the log-odds of “bad” move over 0.375"))
    #expect(outline.elements.contains { $0.name == "li" && $0.text == "good" })
    #expect(text.contains("Change of log-odds"))
  }

  @Test("Names cannot break the page, and every drawing can be read without seeing it")
  func hostile() throws {
    let name = "<script>\"x'\u{202E}😀</svg>" + String(repeating: "long ", count: 2_000)
    var record = record
    record.model.name = name
    record.model.classNames[1] = name
    for index in [1, 2] {
      record.model.input.features[index].name = name
      record.model.input.features[index].unit = name
      record.assessments.importance?.parts[index].name = name
      record.assessments.effects?.features[index - 1].name = name
    }
    record.model.input.features[2].categories[0] = name
    let outline = try outline([record])
    #expect(!outline.elements.contains { $0.name == "script" })
    #expect(outline.elements.count { $0.name == "svg" && $0.attributes["role"] == "img" } == 4)
    outline.expectAccessibleParts()
  }

  @Test("Patches are named by their place in the reader's language")
  func patches() throws {
    let templates = try ReportTemplates.builtIn()
    let chapter = Chapter(
      number: 1, records: [record], names: ["m"], words: Words(templates))
    let importance = try #require(record.assessments.importance)
    var part = importance.parts[0]
    part.area = .init(row: 7, column: 0, height: 7, width: 6)
    #expect(chapter.partName(part) == "rows 8–14, columns 1–6")
  }
}

extension Outline {
  /// The text of each row of a table, its cells one after another.
  fileprivate var rows: [String] {
    elements.filter { $0.name == "tr" }.map { $0.text.replacing("\n", with: "") }
  }

  /// What of an accessible page can be said of a part of it.
  fileprivate func expectAccessibleParts() {
    let ids = elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for element in elements where element.name == "svg" && element.attributes["role"] == "img" {
      let labels = element.attributes["aria-labelledby"]?.split(separator: " ") ?? []
      #expect(labels.count == 2 && labels.allSatisfy { ids.contains(String($0)) })
    }
    #expect(elements.filter { $0.name == "th" }.allSatisfy { $0.attributes["scope"] != nil })
  }
}
