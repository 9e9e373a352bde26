import Audits
import Foundation
@testable import ReportTemplates
import Tensors
import Testing

@testable import Reports

@Suite("The HTML report")
struct ReportPageTests {
  private let document = ReportDocument(title: "Demonstration", records: SampleRecords.all)

  @Test("The same records give the same bytes, and a well-formed accessible page")
  func page() throws {
    let html = try document.html()
    #expect(try document.html() == html)
    // Where the report is to be looked at, a variable names the file.
    if let path = ProcessInfo.processInfo.environment["ASSAY_REPORT_OUT"] {
      try Data(html.utf8).write(to: URL(filePath: path))
    }
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
  }

  @Test("Markup, quotes, control characters and placeholders in data stay text")
  func escaping() throws {
    let hostile = "<script>alert('x')</script>\" onload=\"y\u{0}\u{8} {{body}} {name} & ]]>"
    var record = SampleRecords.credit(robust: false)
    record.model.name = hostile
    record.data.name = hostile
    record.run.command = hostile
    record.run.suiteText = hostile
    record.model.programText = hostile
    record.model.classNames = [hostile, "bad"]
    record.predictions[0].name = hostile
    record.warnings = [
      SoundnessWarning(
        name: hostile, raised: hostile, explanation: hostile, suggestion: hostile, isVeto: true)
    ]
    let html = try ReportDocument(title: hostile, records: [record]).html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    let shown = hostile.replacing("\u{0}", with: "\u{FFFD}").replacing("\u{8}", with: "\u{FFFD}")
    #expect(outline.elements.first { $0.name == "h1" }?.text == shown)
    #expect(outline.elements.contains { $0.name == "pre" && $0.text == shown })
  }

  @Test("Records of the same data share a chapter, others have their own")
  func grouping() throws {
    #expect(document.groups.map(\.count) == [2, 2, 1])
    let html = try document.html()
    let outline = try Outline(xml: Data(html.utf8))
    let chapters = outline.elements.filter { $0.name == "h2" }.map(\.text)
    #expect(chapters.count == 9)
    #expect(chapters[1].hasSuffix("Scope and responsibilities"))
    #expect(chapters[2].hasSuffix("Handwritten digits"))
  }

  @Test("Every sentence that is asked for exists, and none is left over")
  func words() throws {
    let templates = try ReportTemplates.builtIn()
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Reports")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
    var code = ""
    for case let path as String in files where path.hasSuffix(".swift") {
      code += try String(contentsOf: sources.appending(path: path), encoding: .utf8)
    }
    let literals = code.matches(of: /"([A-Za-z]+\.[A-Za-z0-9.]+)"/).map { String($0.1) }
    let prefixes = code.matches(of: /"([A-Za-z]+\.(?:[A-Za-z]+\.)*)\\\(/).map { String($0.1) }
    let titles = code.matches(of: /key: "([A-Za-z]+)"/).map { "\($0.1).title" }
    let pages = code.matches(of: /section\(\s*"([a-z]+)"/).map { "\($0.1).title" }
    let known = Set(literals + titles + pages)
    let unused = templates.words.keys.filter { key in
      // `ServedWordsTests` looks for those of served pages.
      !key.hasPrefix("serve.") && !known.contains(key) && !prefixes.contains { key.hasPrefix($0) }
    }
    #expect(unused.sorted() == [])
    for key in known
    where templates.words.keys.contains(where: { $0.hasPrefix(key.prefix { $0 != "." } + ".") }) {
      #expect(templates.words[key] != nil, "no sentence for \(key)")
    }
  }

  @Test("A user's folder replaces templates, and its mistakes are named")
  func overriding() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    try write(#"{"summary.title": "Kurzfassung {x}"}"#, "words.json")
    try write("body { color: teal }", "style.css")
    let own = try ReportTemplates.overridden(by: folder)
    let html = try document.html(templates: own)
    #expect(html.contains("Kurzfassung {x}") && html.contains("color: teal"))
    try write(#"{"summary.titel": "x"}"#, "words.json")
    #expect(
      throws: ReportTemplateError(file: "words.json", problem: "unknown key 'summary.titel'")
    ) { try ReportTemplates.overridden(by: folder) }
    try write("{}", "words.json")
    try write("<html>{{title}}{{body}}</html>", "page.html")
    #expect(throws: ReportTemplateError(file: "page.html", problem: "{{style}} is missing")) {
      try ReportTemplates.overridden(by: folder)
    }
  }

  @Test("An audit that was stopped at once still makes a report")
  func empty() throws {
    let full = SampleRecords.series
    let record = AuditRecord(run: full.run, model: full.model, data: full.data)
    let html = try ReportDocument(title: "Nothing yet", records: [record]).html()
    let outline = try Outline(xml: Data(html.utf8))
    #expect(outline.elements.contains { $0.name == "h2" })
  }
}
