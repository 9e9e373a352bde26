import Audits
import Foundation
import Tensors
import Testing

@testable import Reports

@Suite("Text that strangers chose")
struct HostileTextTests {
  private static let samples =
    SampleChecks.hostile + [
      Sample("Arabic", "بيانات الائتمان"), Sample("Hebrew with numbers", "אשראי 12 (34)"),
      Sample("isolate left open", "a\u{2067}b"), Sample("isolate closed twice", "a\u{2069}b"),
      Sample("comment", "<!-- -- --> <![CDATA["), Sample("entity", "&lt;b&gt; &#x202e; &nope;"),
      Sample("style", "</style><style>*{display:none}</style>"),
      Sample("attribute", "x\" onmouseover=\"alert(1)\" y='"),
      Sample("terminal", "a\u{7F}\u{9B}31mb"), Sample("template", "{{body}}{name}{{style}}"),
    ]

  /// A record in which every name is the text.
  private func record(_ text: String) -> AuditRecord {
    var record = SampleRecords.credit(robust: false)
    record.run.title = text
    record.run.suiteName = text
    record.run.suiteText = text
    record.run.command = text
    record.run.environment.append(NamedValue(text, text))
    record.model.name = text
    record.model.programText = text
    record.model.classNames = [text, text + "2"]
    record.model.notes = [text]
    for index in record.model.input.features.indices {
      let name = "\(text) \(index)"
      record.model.input.features[index].name = name
      record.model.input.features[index].unit = text
      record.data.features[index].name = name
    }
    record.data.name = text
    record.data.sha256[0].name = text
    record.data.notes = [text]
    record.data.selection = text
    record.attacks[0].parameters = [NamedValue(text, text)]
    record.attacks[0].goal = text
    for index in record.predictions.indices {
      record.predictions[index].name = text
      record.predictions[index].groups = [NamedValue(text, text)]
    }
    record.measures = record.measures.map { measure in
      var measure = measure
      measure.note = text
      if !measure.group.isEmpty { measure.group = "\(text): \(text)" }
      return measure
    }
    record.gates[0].requirement = text
    record.gates[0].reason = text
    record.warnings = [
      SoundnessWarning(name: text, raised: text, explanation: text, suggestion: text, isVeto: true)
    ]
    record.artefacts = [Artefact(name: text, mediaType: text, sha256: text)]
    return record
  }

  @Test(
    "Pages stay well formed and the same elements, nothing runs, and nothing turns them round",
    arguments: samples)
  func page(_ sample: Sample<String>) throws {
    let plain = ReportDocument(title: "plain", records: [record("plain")])
    let hostile = ReportDocument(title: sample.value, records: [record(sample.value)])
    for medium in ReportMedium.allCases {
      let html = try hostile.html(for: medium)
      let outline = try Outline(xml: Data(html.utf8))
      expectInert(outline)
      if medium == .screen { outline.expectAccessible() }
      let expected = try Outline(xml: Data(try plain.html(for: medium).utf8))
      #expect(outline.elements.map(\.name) == expected.elements.map(\.name))
      #expect(outline.elements.map(\.attributes.count) == expected.elements.map(\.attributes.count))
      for element in outline.elements {
        expectHarmless(element.text)
        element.attributes.values.forEach(expectHarmless)
      }
    }
  }

  /// Nothing in the page runs or is fetched, whatever its text says.
  private func expectInert(_ outline: Outline) {
    for element in outline.elements {
      #expect(!["script", "link", "iframe", "object", "form"].contains(element.name))
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") })
      for name in ["src", "href"] {
        let value = element.attributes[name] ?? "#"
        #expect(value.hasPrefix("data:image/png;base64,") || value.hasPrefix("#"))
      }
    }
  }

  /// No override, no control character, every isolate closed within the text.
  private func expectHarmless(_ text: String) {
    var depth = 0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{2066}", "\u{2067}", "\u{2068}": depth += 1
      case "\u{2069}": depth -= 1
      case "\u{202A}"..."\u{202E}", "\u{0}"..."\u{8}", "\u{B}"..."\u{C}", "\u{E}"..."\u{1F}",
        "\u{7F}"..."\u{9F}":
        Issue.record("U+\(String(scalar.value, radix: 16)) in a page")
      default: break
      }
      guard depth >= 0 else { break }
    }
    #expect(depth == 0)
  }

  @Test("JUnit files stay XML and keep what was written", arguments: samples)
  func junit(_ sample: Sample<String>) throws {
    var record = record(sample.value)
    record.gates[0].verdict = .failed
    let bytes = ReportJUnit(title: sample.value, records: [record]).encoded()
    let outline = try Outline(xml: Data(bytes))
    let plain = ReportJUnit(title: "plain", records: [record]).encoded()
    #expect(outline.elements.map(\.name) == (try Outline(xml: Data(plain)).elements.map(\.name)))
    let failure = try #require(outline.elements.first { $0.name == "failure" })
    #expect(
      failure.attributes["message"]
        == outline.elements.first { $0.name == "testcase" }?.attributes["name"])
    for element in outline.elements { element.attributes.values.forEach(expectHarmless) }
  }

  @Test("JSON files keep every character", arguments: samples)
  func json(_ sample: Sample<String>) throws {
    let json = ReportJSON(title: sample.value, records: [record(sample.value)])
    #expect(try ReportJSON(decoding: try json.encoded()) == json)
  }

  @Test("Text from right to left is isolated once, other text is left as it is")
  func isolation() {
    #expect(WritingDirection.isolated("plain – 12 %") == "plain – 12 %")
    #expect(WritingDirection.isolated("אבג 1") == "\u{2068}אבג 1\u{2069}")
    #expect(WritingDirection.isolated("\u{2068}אבג\u{2069}") == "\u{2068}אבג\u{2069}")
    // Two isolates beside each other are not one.
    #expect(
      WritingDirection.isolated("\u{2068}א\u{2069}: \u{2068}ב\u{2069}")
        == "\u{2068}\u{2068}א\u{2069}: \u{2068}ב\u{2069}\u{2069}")
    #expect(WritingDirection.isolated("a\u{2067}b") == "a\u{2067}b\u{2069}")
    #expect(WritingDirection.isolated("a\u{2069}b") == "a\u{FFFD}b")
    #expect(Markup.escaped("a\u{202E}b\u{7F}") == "a\u{FFFD}b\u{FFFD}")
  }
}
