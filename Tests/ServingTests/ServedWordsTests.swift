import Foundation
import ReportTemplates
import Reports
import Testing

@testable import Serving

@Suite("The words of served pages")
struct ServedWordsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func code(under folder: String) throws -> String {
    let place = Self.root.appending(path: folder).path
    return try FileManager.default.subpathsOfDirectory(atPath: place)
      .filter { $0.hasSuffix(".swift") }
      .map { try String(contentsOfFile: place + "/" + $0, encoding: .utf8) }
      .joined(separator: "\n")
  }

  @Test("every sentence that is asked for exists, and none is left over")
  func sentences() throws {
    let words = try ReportTemplates.builtIn().words
    let code = try code(under: "Sources/Serving") + code(under: "Sources/Reports/Browsing")
    let literals = Set(code.matches(of: /"(serve\.[A-Za-z0-9.]+)"/).map { String($0.1) })
    let prefixes = code.matches(of: /"(serve\.(?:[A-Za-z]+\.)*)\\\(/).map { String($0.1) }
    let titles = code.matches(of: /section\("([a-z]+)"/).map { "serve.title.\($0.1)" }
    #expect(literals.count > 60 && prefixes.count > 4 && titles.count > 8)
    #expect(literals.union(titles).filter { words[$0] == nil }.sorted() == [])
    let left = words.keys.filter { key in
      key.hasPrefix("serve.") && !literals.contains(key) && !titles.contains(key)
        && !prefixes.contains { $0 != "serve.title." && key.hasPrefix($0) }
    }
    #expect(left.sorted() == [])
  }

  @Test("what is put together from a value has a sentence for each")
  func compositions() throws {
    let words = try ReportTemplates.builtIn().words
    let keys =
      ["400", "404", "500"].map { "problem.title.\($0)" }
      + ["method", "host", "token"].map { "refused.\($0)" }
      + ["broken", "survived", "rejected"].map { "outcome.\($0)" }
      + FindingFilter.Order.allCases.map { "sort.\($0.rawValue)" }
      + FindingChoices(ServedRecords.rows, Words(try .builtIn())).fields.map { "field.\($0.name)" }
      + (Array(Site.reportFiles.keys) + ["findings.csv"]).map { "file.\($0)" }
    #expect(keys.filter { words["serve.\($0)"] == nil } == [])
  }

  @Test("pages are German where that is asked for, and files for other programs stay English")
  func german() throws {
    let ledger = try ServedRecords.ledger()
    let visitor = try Visitor(ledger, language: "de")
    let sample = try visitor.page("/runs/aaaa00000001/samples/3")
    #expect(sample.all("html")[0].attributes["lang"] == "de")
    #expect(sample.source.contains("Für good gehalten (50,0"))
    #expect(try visitor.page("/").all("h1")[0].text == "Läufe")
    #expect(try ServedPage(visitor("/nothing")).all("h1")[0].text == "Nicht gefunden")
    let english = try Visitor(ledger)
    for file in ["gates.xml", "report.json", "findings.csv"] {
      let address = "/runs/aaaa00000001/\(file)"
      #expect(visitor(address).body == english(address).body)
    }
  }
}
