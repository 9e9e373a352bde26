import Audits
import Tensors
import Testing

@testable import Reports

@Suite("What reports choose to show")
struct AnalysisTests {
  private let record = SampleRecords.digits(robust: false)

  @Test("The worst cases are the closest breaks of right answers, a sample once")
  func worst() throws {
    let cases = WorstCases(record, norm: .linf, limit: 4).cases
    let right = Set(record.predictions.filter(\.isCorrect).map(\.sample))
    var naive: [Int: Double] = [:]
    for finding in record.findings
    where finding.attack == "pgd/linf" && finding.outcome == .broken
      && right.contains(finding.sample)
    {
      naive[finding.sample] = min(naive[finding.sample] ?? .infinity, finding.distance)
    }
    #expect(cases.map(\.finding.distance) == Array(naive.values.sorted().prefix(4)))
    #expect(Set(cases.map(\.prediction.sample)).count == 4)
  }

  @Test("A method no better than random in any figure is withdrawn from the page")
  func withdrawal() throws {
    let summaries = QualitySummary.all(record)
    #expect(summaries.filter(\.isWithdrawn).map(\.method) == ["saliency"])
    let html = try ReportDocument(title: "t", records: [record]).html()
    #expect(html.contains("digits-normal: saliency did no better"))
    #expect(!html.contains("<b>saliency</b>"))
    let saliency = try #require(summaries.first)
    let values = record.explanations.filter { $0.method == "saliency" }
      .compactMap { $0.quality.first { $0.name == "deletion" }?.value }
    #expect(abs(saliency.figures[0].value - values.reduce(0, +) / Double(values.count)) < 1e-12)
  }

  @Test("The confusion matrix counts each sample once, rows by truth")
  func confusion() {
    let matrix = ConfusionMatrix(record)
    #expect(matrix.counts.joined().reduce(0, +) == record.predictions.count)
    #expect(matrix.counts.map { $0.reduce(0, +) } == record.data.classCounts)
  }

  @Test("The verdict on the whole is the worst of the gates'")
  func verdict() {
    var record = record
    record.gates = []
    #expect(record.verdict == nil)
    for (verdicts, whole) in [
      ([GateResult.Verdict.passed, .passed], GateResult.Verdict.passed),
      ([.passed, .inconclusive], .inconclusive), ([.inconclusive, .failed, .passed], .failed),
      ([.passed, .notMeasured], .notMeasured),
    ] {
      record.gates = verdicts.map {
        GateResult(
          requirement: "r", verdict: $0, value: nil, lower: nil, upper: nil, threshold: 0,
          isAtLeast: true, reason: "")
      }
      #expect(record.verdict == whole)
    }
  }

  @Test("Values of a table are shown with units and names")
  func features() {
    let specification = InputSpecification.table([
      Feature(name: "amount", unit: "EUR"),
      Feature(name: "housing", kind: .categorical, categories: ["own", "rent"]),
    ])
    let amount = FeatureText(specification, 0)
    #expect(amount.text(1_234) == "1,234\u{A0}EUR")
    #expect(amount.text(15_803.7) == "15,804\u{A0}EUR")
    #expect(amount.change(from: 1_000, to: 1_012.5) == "+12.50\u{A0}EUR")
    let housing = FeatureText(specification, 1)
    #expect(housing.text(1) == "rent" && housing.change(from: 0, to: 1) == "↔")
  }
}
