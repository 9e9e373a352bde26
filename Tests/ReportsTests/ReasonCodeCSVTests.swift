import Assessments
import Audits
import Testing

@testable import Reports

@Suite("Reason codes as CSV")
struct ReasonCodeCSVTests {
  private func written(_ record: AuditRecord) -> String? {
    ReasonCodeCSV(record).encoded().map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("A line a reason, and one for an applicant without")
  func lines() throws {
    let lines = try #require(written(SampleRecords.decided())).split(separator: "\r\n")
    #expect(lines.count == 7)
    #expect(lines[0] == ReasonCodeCSV.header.joined(separator: ",")[...])
    #expect(
      lines[1]
        == "7,applicant 8,0.12,0.5,-1.5,1.7,given,integrated-gradients,1,duration,36.0,24.0,-1.1,\(1.1 / 1.7),no"
    )
    #expect(lines[2].hasSuffix(",yes"))
    #expect(lines[6].contains(",not exact enough,") && lines[6].hasSuffix(",,,,,,,"))
    #expect(lines.allSatisfy { parsed(String($0)).first?.count == 15 })
  }

  @Test("Withdrawn reasons are not written")
  func withdrawal() throws {
    let text = try #require(written(SampleRecords.decided(isWithdrawn: true)))
    #expect(text.contains(",withdrawn,") && !text.contains("duration"))
  }

  @Test("Nothing where reasons were not measured")
  func absence() {
    #expect(written(SampleRecords.credit(robust: false)) == nil)
  }

  @Test(
    "What a spreadsheet takes for a formula begins with an apostrophe; numbers do not",
    arguments: [
      ("=1+1", "'=1+1"), ("+SUM(A1)", "'+SUM(A1)"), ("-2+3", "'-2+3"), ("@now", "'@now"),
      ("\tx", "'\tx"), ("\rx", "'\rx"), ("\nx", "'\nx"), ("\u{FF1D}1", "'\u{FF1D}1"),
      ("-0.5", "-0.5"), ("+3", "+3"), ("-1.5e-07", "-1.5e-07"), ("-", "'-"), ("-1e", "'-1e"),
      ("-1\n", "'-1\n"), ("\r\n=x", "'\r\n=x"), ("=\u{301}x", "'=\u{301}x"), ("a=b", "a=b"),
      ("", ""),
    ])
  func formulas(cell: String, expected: String) {
    #expect(Array(CSVRow.neutralized(cell).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test("Quotes, commas, line breaks and every other text come back as they were")
  func quoting() throws {
    let hostile = [
      "a,b", "say \"no\"", "two\r\nlines", "\"", ",", "<script>", "\u{202E}right to left",
      "\u{1F4B6}", String(repeating: "x\"", count: 10_000), "a\u{301}\"b", "\"\u{301}",
    ]
    let rows = parsed(CSVRow(hostile).text)
    #expect(rows.count == 1)
    #expect(rows[0].map { Array($0.unicodeScalars) } == hostile.map { Array($0.unicodeScalars) })
    var record = SampleRecords.decided()
    record.assessments.reasonCodes?.applicants[0].reasons[0].valueText = "=HYPERLINK(\"x\",\"y\")"
    let lines = parsed(try #require(written(record)))
    #expect(lines[1][10] == "'=HYPERLINK(\"x\",\"y\")")
    #expect(lines.count == 7)
  }

  /// Cells by RFC 4180, read a scalar at a time.
  private func parsed(_ text: String) -> [[String]] {
    var rows: [[String]] = [[]]
    var (cell, isQuoted, wasQuote) = ("", false, false)
    for scalar in text.unicodeScalars {
      if isQuoted {
        guard scalar == "\"" else {
          cell.unicodeScalars.append(scalar)
          continue
        }
        (isQuoted, wasQuote) = (false, true)
        continue
      }
      switch scalar {
      case "\"":
        if wasQuote { cell += "\"" }
        isQuoted = true
      case ",":
        rows[rows.count - 1].append(cell)
        cell = ""
      case "\r": break
      case "\n":
        rows[rows.count - 1].append(cell)
        cell = ""
        rows.append([])
      default: cell.unicodeScalars.append(scalar)
      }
      wasQuote = false
    }
    if !text.hasSuffix("\r\n") { rows[rows.count - 1].append(cell) }
    return rows.filter { !$0.isEmpty }
  }
}
