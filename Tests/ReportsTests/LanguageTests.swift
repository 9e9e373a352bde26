import Audits
import Foundation
@testable import ReportTemplates
import Testing

@testable import Reports

@Suite("The languages of reports")
struct LanguageTests {
  private func words(_ language: ReportLanguage) throws -> [String: String] {
    try ReportTemplates.builtIn(language: language.rawValue).words
  }

  private func marks(_ sentence: String) -> [String] {
    Set(sentence.matches(of: /\{[A-Za-z]+\}/).map { String($0.0) }).sorted()
  }

  @Test("Every language has the same keys, the same marks in them, and something to say")
  func complete() throws {
    #expect(ReportTemplates.languages == ReportLanguage.allCases.map(\.rawValue))
    let english = try words(.english)
    for language in ReportLanguage.allCases {
      let own = try words(language)
      #expect(Set(own.keys) == Set(english.keys), "\(language)")
      for (key, sentence) in english {
        #expect(own[key].map(marks) == marks(sentence), "\(key) in \(language)")
        #expect(own[key]?.isEmpty == false, "\(key) in \(language)")
      }
    }
  }

  @Test("Sentences of another language are translated, but for words that both have")
  func translated() throws {
    let (english, german) = (try words(.english), try words(.german))
    let alike = english.filter { $0.value == german[$0.key] && $0.value.contains(" ") }
    // But for names, nothing but marks and signs.
    let phrases = alike.filter { key, sentence in
      key != "compare.mcnemar"
        && sentence.replacing(/\{[A-Za-z]+\}/, with: "").contains(/[a-z]{4}/)
    }
    #expect(phrases == [:])
  }

  @Test("A German page states its language, and marks what was recorded as English")
  func german() throws {
    let record = SampleRecords.credit(robust: false)
    let document = ReportDocument(title: "Kredit", records: [record], language: .german)
    let html = try document.html()
    #expect(try document.html() == html)
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible(language: "de")
    let english = outline.elements.filter { $0.attributes["lang"] == "en" }.map(\.text)
    #expect(english.contains(record.gates[0].requirement))
    #expect(english.contains(record.gates[0].reason))
    #expect(english.contains(record.data.notes[0]))
    #expect(html.contains("Zusammenfassung") && !html.contains("Summary"))
    let page = try ReportDocument(title: "Credit", records: [record]).html()
    #expect(!page.contains("<span lang="))
  }

  @Test("Numbers on a German page have a decimal comma, and machines get a point")
  func numbers() throws {
    let style = Words(try .builtIn(language: "de")).numbers
    NumberText.$style.withValue(style) {
      #expect(NumberText.percent(0.975) == "97,5\u{A0}%")
      #expect(NumberText.count(-1_234_567) == "−1\u{202F}234\u{202F}567")
      #expect(NumberText.decimal(-0.000_000_31) == "−3,10e−7")
      #expect(NumberText.list([0.1, 2]) == "0,1; 2")
      #expect(NumberText.range(-0.25, 0.5) == "−0,250 bis 0,500")
      #expect(NumberText.plain(.nan) == "keine Zahl")
      #expect(NumberText.coordinate(1.5) == "1.5")
    }
    #expect(NumberText.list([0.1, 2]) == "0.1, 2")
    #expect(NumberText.count(1_234) == "1,234")
    let records = [SampleRecords.credit(robust: false)]
    let english = ReportDocument(title: "t", records: records)
    let german = ReportDocument(title: "t", records: records, language: .german)
    #expect(try german.html().contains("0,02"))
    #expect(try german.json().encoded() == english.json().encoded())
    #expect(german.junit.encoded() == english.junit.encoded())
  }

  @Test("A user's page that states its own language is taken as it is")
  func overriding() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let own = "<html lang=\"de-AT\"><title>{{title}}</title><style>{{style}}</style>{{body}}</html>"
    try Data(own.utf8).write(to: folder.appending(path: "page.html"))
    try Data(#"{"summary.title": "Kurzfassung"}"#.utf8)
      .write(to: folder.appending(path: "words.json"))
    let templates = try ReportTemplates.overridden(by: folder, language: "de")
    let html = try ReportDocument(title: "t", records: [SampleRecords.series], language: .german)
      .html(templates: templates)
    #expect(html.hasPrefix("<html lang=\"de-AT\">"))
    #expect(html.contains("Kurzfassung") && html.contains("Zweckbestimmung"))
  }
}
