import Audits
import Foundation
import Testing

@testable import Reports

@Suite("The model card")
struct ModelCardTests {
  private func card(
    _ records: [AuditRecord], _ language: ReportLanguage = .english
  ) throws -> String {
    try ReportDocument(title: "Demo", records: records, language: language).modelCard()
  }

  private func headings(_ text: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("#") }.map(String.init)
  }

  @Test("Its sections are those of its authors, in their order, for each model")
  func order() throws {
    let record = SampleRecords.credit(robust: false)
    let text = try card([record, SampleRecords.series])
    #expect(try card([record, SampleRecords.series]) == text)
    let sections = [
      "### Model details", "### Intended use", "### Factors", "### Metrics",
      "### Evaluation data", "### Training data", "### Quantitative analyses",
      "### Ethical considerations", "### Caveats and recommendations", "### How to reproduce",
    ]
    #expect(
      headings(text)
        == ["# Model card: Demo", "## credit-normal: German credit"] + sections
        + ["## ecg-gru: Heartbeats"] + sections)
    #expect(try headings(card([record], .german))[2] == "### Angaben zum Modell")
  }

  @Test("It holds the record's figures, verdicts and checksums")
  func figures() throws {
    let record = SampleRecords.credit(robust: false)
    let text = try card([record])
    let accuracy = try #require(record.measure(.cleanAccuracy))
    let estimate = Estimate(accuracy)
    #expect(
      text.contains(
        "| clean accuracy | all samples | \(estimate.text) | \(estimate.interval ?? "") | 150 |"))
    #expect(text.contains("| largest accuracy gap | age group |"))
    #expect(text.contains(record.model.sha256) && text.contains(record.data.sha256[0].value))
    #expect(text.contains("Groups: age group."))
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| accuracy under L∞") }
    #expect(rows.count == record.gates.count)
  }

  @Test("What people wrote is in it, and what they did not is missing in words")
  func statements() throws {
    var record = SampleRecords.credit(robust: false)
    record.statements = SampleStatements.without(.intendedUse, "users")
    let text = try card([record])
    #expect(text.contains("Answer to intended-use, decision."))
    #expect(text.contains("| hazard 2 | cause 2 |"))
    #expect(
      text.contains(
        "Nobody has written this yet:\n\n- Who uses the system, and with which training?\n"))
  }

  @Test("Text of strangers stays text within its line")
  func hostile() throws {
    let text = "# x\n| a | <script>alert(1)</script> [l](https://evil) `c` @all $x$ **b** \u{202E}r"
    var record = SampleRecords.credit(robust: false)
    record.model.name = text
    record.model.notes = [text]
    record.data.name = text
    record.run.command = text
    record.gates[0].requirement = text
    record.statements = SampleStatements.all.map {
      HumanStatement(subject: $0.subject, question: $0.question, text: text)
    }
    let markdown = try card([record])
    #expect(!markdown.contains("<script") && !markdown.contains("](http"))
    #expect(!markdown.contains("\u{202E}") && !markdown.contains("@all"))
    #expect(!markdown.contains("https://"))
    // Every line of it begins with a literal of this program.
    for line in markdown.split(separator: "\n") {
      #expect(!line.hasPrefix("# x") && !line.hasPrefix("| a |"), "\(line)")
    }
    #expect(headings(markdown).count == 12)
  }
}
