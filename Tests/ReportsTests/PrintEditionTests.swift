import Foundation
import ReportTemplates
import Testing

@testable import Reports

@Suite("The report on paper")
struct PrintEditionTests {
  private let document = ReportDocument(
    title: "Demonstration", records: SampleRecords.all, profiles: [])

  private func edition(_ body: Markup) throws -> String {
    let templates = try ReportTemplates.builtIn()
    return PrintEdition(words: Words(templates), drawing: ".axis { stroke: #000000; }")
      .body(body).source
  }

  @Test("It says what the page on screens says, opened, in order")
  func sameText() throws {
    let screen = try Outline(xml: Data(try document.html().utf8))
    let html = try document.html(for: .print)
    // Where the page is to be laid out, a variable names the file.
    if let path = ProcessInfo.processInfo.environment["ASSAY_PRINT_OUT"] {
      try Data(html.utf8).write(to: URL(filePath: path))
    }
    let print = try Outline(xml: Data(html.utf8))
    print.expectSelfContained(html)
    #expect(!print.elements.contains { ["details", "summary"].contains($0.name) })
    let drawing = try ReportTemplates.builtIn().drawing
    func texts(_ outline: Outline, _ names: Set<String>) -> [String] {
      outline.elements.filter { names.contains($0.name) }.map { element in
        element.text.replacing("\u{200B}", with: "").replacing(drawing, with: "")
      }
    }
    let cells: Set = ["h1", "h2", "h3", "h4", "td", "th", "caption", "pre"]
    #expect(texts(print, cells) == texts(screen, cells))
    // A summary whose table follows at once is left out: the caption says what it said.
    let following = zip(screen.elements, screen.elements.dropFirst())
    let opened = following.filter { summary, next in
      summary.name == "summary" && next.attributes["class"]?.hasPrefix("scroll") != true
    }.map(\.0.text)
    #expect(!opened.isEmpty && opened.count < texts(screen, ["summary"]).count)
    let titles = print.elements.filter { $0.attributes["class"] == "disclosed-title" }
    #expect(titles.map { $0.text.replacing("\u{200B}", with: "") } == opened)
    #expect(html == (try document.html(for: .print)))
  }

  @Test("The contents name every chapter and section that has an identifier")
  func contents() throws {
    let outline = try Outline(xml: Data(try document.html(for: .print).utf8))
    let headings = outline.elements.filter {
      ["h2", "h3"].contains($0.name) && $0.attributes["id"] != nil
    }
    let entries = outline.elements.filter { $0.name == "a" && $0.path.contains("nav") }
    #expect(entries.count == headings.count && entries.count > 20)
    #expect(
      entries.map { $0.attributes["href"] } == headings.map { "#" + ($0.attributes["id"] ?? "") })
    #expect(entries.map(\.text) == headings.map(\.text))
    // Sections stand below their chapters.
    let nested = entries.filter { $0.path.count { $0 == "ol" } == 2 }
    #expect(nested.count == headings.count { $0.name == "h3" })
  }

  @Test("Drawings carry their style, links the word before their page, the cover its words")
  func tags() throws {
    let drawn = try edition("<svg class=\"chart\"><line class=\"axis\" x1=\"0\"/></svg>")
    #expect(
      drawn == "<svg class=\"chart\"><style>.axis { stroke: #000000; }</style>"
        + "<line class=\"axis\" x1=\"0\"/></svg>")
    #expect(
      try edition("see <a href=\"#limits\">Limits</a>.")
        == "see <a data-page=\"p.\" href=\"#limits\">Limits</a>.")
    #expect(
      try edition("<header class=\"cover\"></header>")
        == "<header class=\"cover\" data-page=\"page\" data-of=\"of\"></header>")
    #expect(
      try edition("<details><summary>More</summary><p>x</p></details>")
        == "<div class=\"disclosed\"><p class=\"disclosed-title\">More</p><p>x</p></div>")
  }

  @Test("A group's heading is a body of its own, so that pages are not broken behind it")
  func headings() throws {
    let table = Table(
      "caption", columns: [.init("a")],
      groups: [.init(heading: "first", rows: [["1"], ["2"]]), .init(heading: nil, rows: [["3"]])])
    let outline = try Outline(xml: Data(try edition(table.markup).utf8))
    let bodies = outline.elements.filter { $0.name == "tbody" }
    #expect(bodies.map { $0.attributes["class"] } == ["heading", "whole", "whole"])
    #expect(bodies.map { $0.text.filter { !$0.isWhitespace } } == ["first", "12", "3"])
  }

  @Test("Paper shows the first rows of a long list, and says how many there are")
  func excerpts() throws {
    func table(_ sizes: [Int]) throws -> Outline {
      let groups = sizes.enumerated().map { index, size in
        Table.Group(heading: "g\(index)", rows: (0..<size).map { ["\(index)/\($0)"] })
      }
      let table = Table("caption", columns: [.init("a")], groups: groups)
        .excerpt(Words(try .builtIn()), rows: 4)
      return try Outline(xml: Data("<div>\(try edition(table.markup))</div>".utf8))
    }
    func hidden(_ outline: Outline, _ name: String) -> [String] {
      outline.elements.filter { $0.name == name && $0.attributes["class"] == "screen-only" }
        .map { $0.text.filter { !$0.isWhitespace } }
    }
    let long = try table([3, 3, 2])
    #expect(hidden(long, "tr") == ["1/1", "1/2"])
    #expect(hidden(long, "tbody") == ["g22/02/1"])
    let note = long.elements.first { $0.attributes["class"] == "paper-only small" }
    #expect(note?.text == "The first 4 of 8 rows; report.html shows all.")
    // Two rows more are no reason to leave any out.
    let short = try table([3, 3])
    #expect(hidden(short, "tr").isEmpty && hidden(short, "tbody").isEmpty)
    #expect(!short.elements.contains { $0.attributes["class"] == "paper-only small" })
  }

  @Test("Long words may be broken, entities and what is copied from the page may not")
  func words() throws {
    #expect(
      BreakableText.breakable("installment_commitment is") == "installment_\u{200B}commitment is")
    #expect(BreakableText.breakable("short_name") == "short_name")
    let long = BreakableText.breakable(Substring(String(repeating: "x", count: 60)))
    #expect(long.split(separator: "\u{200B}").map(\.count) == [24, 24, 12])
    let escaped = BreakableText.breakable(Substring(String(repeating: "&lt;", count: 12)))
    #expect(
      escaped.split(separator: "\u{200B}").allSatisfy { $0.hasPrefix("&") && $0.hasSuffix(";") })
    let hash = String(repeating: "0123456789abcdef", count: 4)
    #expect(try edition("<code class=\"hash\">\(hash)</code>").contains(hash))
    #expect(try edition("<pre tabindex=\"0\">\(hash)</pre>").contains(hash))
  }

  @Test("The style of print uses nothing that WeasyPrint 57 lacks")
  func style() throws {
    let templates = try ReportTemplates.builtIn()
    for lacking in ["var(", "calc(", "display: grid", "color-mix", "gap:", "min(", "clamp("] {
      #expect(!templates.print.contains(lacking), "\(lacking) in print.css")
      #expect(!templates.drawing.contains(lacking), "\(lacking) in drawing.css")
    }
  }
}
