import Audits
import Foundation
import Statistics
import Testing

@testable import Assessments
@testable import Reports

@Suite("Calibration in the report")
struct CalibrationPageTests {
  /// A record whose calibration was assessed.
  private static let assessed: AuditRecord = {
    var record = SampleRecords.credit(robust: false)
    record.assessments.calibration = CalibrationAssessment(
      probabilities: record.predictions.map(\.probabilities),
      labels: record.predictions.map(\.label), bootstrap: Bootstrap(resamples: 50, seed: 7))
    return record
  }()

  private func outline(_ records: [AuditRecord]) throws -> Outline {
    let html = try ReportDocument(title: "Calibration", records: records).html()
    let outline = try Outline(xml: Data(html.utf8))
    outline.expectSelfContained(html)
    outline.expectAccessible()
    return outline
  }

  @Test("shows what was assessed, and what a calibrated model would have shown")
  func assessed() throws {
    let calibration = try #require(Self.assessed.assessments.calibration)
    let reference = try #require(calibration.references)
    let outline = try outline([Self.assessed])
    let cells = outline.elements.filter { $0.name == "td" }.map(\.text)
    for estimate in [calibration.equalMassError, calibration.maximumError, calibration.logLoss] {
      let value = NumberText.decimal(try #require(estimate.value))
      #expect(cells.contains { $0.hasPrefix(value) })
    }
    let sentences = outline.elements.filter { $0.name == "li" }.map(\.text)
    let mean = NumberText.decimal(reference.expectedError.mean)
    #expect(sentences.contains { $0.contains("calibration error of \(mean) on average") })
    let parts = try #require(calibration.decomposition)
    #expect(cells.contains(NumberText.decimal(parts.reliability)))
    #expect(cells.contains(NumberText.decimal(parts.score)))
  }

  @Test("draws the interval of each bin that holds samples")
  func intervals() throws {
    let calibration = try #require(Self.assessed.assessments.calibration)
    let bins = calibration.bins.map { ReliabilityChart.Bin($0) }
    let chart = ReliabilityChart(
      id: "r", title: "t", description: "d", xLabel: "x", yLabel: "y", bins: bins)
    let outline = try Outline(xml: Data(chart.markup.source.utf8))
    let filled = bins.filter { $0.count > 0 }
    #expect(outline.elements.count { $0.name == "polyline" } == filled.count)
    #expect(outline.elements.count { $0.name == "circle" } == filled.count)
    let first = try #require(filled.first)
    let interval = try #require(first.interval)
    let x = chart.plot.x(try #require(first.confidence))
    let points = SeriesStyle.points([
      (x, chart.plot.y(interval.lowerBound)), (x, chart.plot.y(interval.upperBound)),
    ])
    #expect(outline.elements.contains { $0.attributes["points"] == points })
  }

  @Test("says which records hold no assessment, and shows the measures that they have")
  func older() throws {
    let plain = SampleRecords.credit(robust: true)
    let outline = try outline([Self.assessed, plain])
    let paragraphs = outline.elements.filter { $0.name == "p" }.map(\.text)
    #expect(
      paragraphs.contains {
        $0.hasPrefix("The record of credit-adversarial holds no calibration assessment.")
      })
    #expect(!paragraphs.contains { $0.hasPrefix("The record of credit-normal holds no") })
    let brier = try #require(plain.measure(.brierScore)?.value)
    let cells = outline.elements.filter { $0.name == "td" }.map(\.text)
    #expect(cells.contains { $0.hasPrefix(NumberText.decimal(brier)) })
  }
}
