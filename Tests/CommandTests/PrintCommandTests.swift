import Foundation
import Testing

/// Reports as PDF files, where WeasyPrint and poppler's tools are installed.
@Suite("Printing", .serialized)
struct PrintCommandTests {
  private let assay: BuiltProgram

  init() throws { assay = try BuiltProgram() }

  private static let areInstalled: Bool = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let isThere = ["weasyprint", "pdftotext", "pdfinfo"].allSatisfy { name in
      folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
    if !isThere { print("PDF files are not tested: install weasyprint and poppler-utils") }
    return isThere
  }()

  private func audit() throws {
    let outcome = try assay(
      "audit", try assay.trained(), "--data", BuiltProgram.fixture("data/wdbc.csv"), "--part",
      "test",
      "--limit", "40", "--suite", BuiltProgram.fixture("demo/suites/breast-cancer.yaml"),
      "--ledger",
      "runs.sqlite")
    #expect(outcome.status < 2, "\(outcome.errors)")
  }

  @Test(
    "a report has numbered pages, running titles, contents with pages, bookmarks, and the same bytes",
    .enabled(if: areInstalled, "needs weasyprint and poppler-utils"))
  func pdf() throws {
    defer { assay.remove() }
    try audit()
    for folder in ["first", "second"] {
      let outcome = try assay(
        "report", "latest", "--ledger", "runs.sqlite", "--profile", "fda", "--title", "Diagnosis",
        "--pdf", "--out", folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      // WeasyPrint's warnings are its own affair.
      #expect(outcome.errors.isEmpty)
    }
    let bytes = try Data(contentsOf: URL(filePath: assay.path("first/report.pdf")))
    #expect(bytes == (try Data(contentsOf: URL(filePath: assay.path("second/report.pdf")))))
    let text = try assay.shell("pdftotext -layout first/report.pdf -").output
    let pages = text.split(separator: "\u{0C}").map(String.init)
    #expect(pages.count > 10)
    #expect(pages[0].contains("Diagnosis") && !pages[0].contains("Contents"))
    for (index, page) in pages.enumerated() {
      #expect(page.contains("page \(index + 1) of \(pages.count)"))
      if index > 1 { #expect(page.hasPrefix("Diagnosis")) }
    }
    // A chapter stands where the contents say; the clause map names pages too.
    let entry = try #require(pages[1].firstMatch(of: /Limits[ .]+([0-9]+)/))
    let number = try #require(Int(entry.1))
    #expect(pages[number - 1].contains("What follows was not measured"))
    #expect(text.contains(/→ p\. [0-9]+/))
    #expect(bytes.range(of: Data("/Outlines".utf8)) != nil)
  }

  @Test("what is missing is said in one sentence before anything is written")
  func missing() throws {
    defer { assay.remove() }
    let outcome = try assay.shell(
      "PATH=/nowhere assay report latest --ledger runs.sqlite --pdf --out report")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors
        == "Error: WeasyPrint is not installed; install Debian's package weasyprint, or leave out --pdf.\n"
    )
    #expect(!assay.holds("report"))
  }
}
