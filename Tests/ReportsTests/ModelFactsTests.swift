import Audits
import Foundation
import Models
import Testing

@testable import Reports

@Suite("What a report says of its models")
struct ModelFactsTests {
  private let note = "Output 'probabilities' ends in Softmax: the logits before it are <audited>."

  private let name = ReportDocument.names(of: [SampleRecords.credit(robust: false)])[0]

  private func paragraphs(
    _ gradient: GradientAccess, notes: [String] = []
  ) throws -> (own: [String], limits: [String]) {
    var record = SampleRecords.credit(robust: false)
    record.model.gradient = gradient
    record.model.notes = notes
    let document = ReportDocument(title: "Report", records: [record])
    let outline = try Outline(xml: Data(try document.html().utf8))
    func texts(_ element: String) -> [String] {
      outline.elements.filter { $0.name == element }.map(\.text)
    }
    return (texts("p").filter { $0.hasPrefix("\(name): ") }, texts("li"))
  }

  @Test("Each kind of gradient is named, and each note is a paragraph")
  func facts() throws {
    #expect(
      try paragraphs(.exact, notes: [note, "Two."]).own == [
        "\(name): its gradient is exact, derived from its program.", "\(name): \(note)",
        "\(name): Two.",
      ])
    #expect(
      try paragraphs(.straightThrough(operators: ["QuantizeLinear", "QLinearConv"])).own == [
        "\(name): its gradient is a straight-through estimate, for which these operators count as "
          + "the identity: QuantizeLinear, QLinearConv."
      ])
    let trees = try paragraphs(.none(reason: "tree ensembles: TreeEnsembleClassifier"))
    #expect(
      trees.own == [
        "\(name): it has no gradient (tree ensembles: TreeEnsembleClassifier), so that it was "
          + "attacked and explained by its answers alone."
      ])
    #expect(trees.limits.contains { $0.contains("no attack followed one") })
    #expect(!trees.limits.contains { $0.contains("masked gradients") })
  }

  @Test("JSON holds both, fits its schema, and is read without them too")
  func json() throws {
    let schema = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../reports/schema/report.schema.json")
    let checker = try SchemaChecker(try Data(contentsOf: schema))
    var record = SampleRecords.series
    for gradient in [
      GradientAccess.exact, .straightThrough(operators: ["QuantizeLinear"]), .none(reason: "trees"),
    ] {
      record.model.gradient = gradient
      record.model.notes = [note]
      let report = ReportJSON(title: "", records: [record])
      let bytes = try report.encoded()
      #expect(try checker.problems(in: Data(bytes)) == [])
      #expect(try ReportJSON(decoding: bytes) == report)
    }
    record.model.gradient = .exact
    record.model.notes = []
    let report = ReportJSON(title: "", records: [record])
    let text = String(decoding: try report.encoded(), as: UTF8.self)
    let older = text.replacing(/"gradient":\{"kind":"exact"\},/, with: "")
      .replacing(/"notes":\[\],(?="parameterCount")/, with: "")
    #expect(!older.contains("\"gradient\""))
    #expect(try ReportJSON(decoding: Array(older.utf8)) == report)
    #expect(try checker.problems(in: Data(older.utf8)) == [])
  }
}
