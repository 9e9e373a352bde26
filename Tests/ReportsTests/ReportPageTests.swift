import Audits
import Foundation
import ReportTemplates
import Testing

@testable import Reports

@Suite("The HTML report")
struct ReportPageTests {
  private let document = ReportDocument(title: "Demonstration", records: SampleRecords.all)

  @Test("The same records give the same bytes")
  func sameBytes() throws {
    let html = try document.html()
    #expect(try document.html() == html)
    // Where the report is to be looked at, a variable names the file.
    if let path = ProcessInfo.processInfo.environment["ASSAY_REPORT_OUT"] {
      try Data(html.utf8).write(to: URL(filePath: path))
    }
  }
}
