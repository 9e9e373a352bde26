import Foundation
import Testing

@testable import Reports

@Suite("Charts")
struct ChartTests {
  @Test("A scale maps its ends to its ends and marks round values")
  func scale() {
    let scale = LinearScale(values: 0...0.3, start: 58, end: 426)
    #expect(scale(0) == 58 && scale(0.3) == 426 && abs(scale(0.15) - 242) < 1e-9)
    #expect(scale.ticks(3).map(NumberText.plain) == ["0", "0.1", "0.2", "0.3"])
    #expect(LinearScale(values: -1...1, start: 0, end: 1).ticks(4) == [-1, -0.5, 0, 0.5, 1])
    #expect(LinearScale.rounded([0.03, 7.2]) == 0...8)
    #expect(LinearScale.rounded([5, 5]).contains(5))
  }

  @Test("Accuracies land where hand arithmetic puts them, band and line alike")
  func accuracy() throws {
    let chart = AccuracyChart(
      id: "a", title: "t", description: "d", xLabel: "x", yLabel: "y",
      series: [
        .init(
          name: "m",
          points: [
            .init(epsilon: 0, value: 1, lower: 0.9, upper: 1),
            .init(epsilon: 0.2, value: 0.25, lower: 0.2, upper: 0.5),
          ])
      ])
    let outline = try Outline(xml: Data(chart.markup.source.utf8))
    // The frame is 58…426 wide and 234…12 high: 440 × 280 less the margins.
    let line = try #require(outline.elements.first { $0.name == "polyline" })
    #expect(line.attributes["points"] == "58,12 426,178.5")
    let band = try #require(outline.elements.first { $0.name == "polygon" })
    #expect(band.attributes["points"] == "58,12 426,123 426,189.6 58,34.2")
    #expect(outline.elements[1].name == "title" && outline.elements[1].text == "t")
    #expect(outline.elements[2].name == "desc" && outline.elements[2].text == "d")
  }

  @Test("Series differ without colour: by dash and by marker")
  func series() {
    let styles = (0..<5).map(SeriesStyle.init)
    #expect(Set(styles.map(\.dash)).count == 5)
    let shapes = styles.map { style in
      style.marker(atX: 9, y: 9).source.replacing(style.name, with: "")
    }
    #expect(Set(shapes).count == 5)
  }

  @Test("A histogram counts every finite value once, its largest in the last bin")
  func histogram() {
    let counts = HistogramChart.Counts([[0, 0.1, 0.5, 1, .infinity], [0.95]], binCount: 10)
    #expect(counts.range == 0...1)
    #expect(counts.counts[0] == [1, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(counts.counts[1].reduce(0, +) == 1)
  }

  @Test("Signed bars start at the middle and never leave their cell")
  func bars() {
    #expect(SignedBar(value: 0.5, scale: 1).length == 49)
    #expect(SignedBar(value: -2, scale: 1).length == -98)
    #expect(SignedBar(value: .nan, scale: 1).length == 0)
  }

  @Test("Hatching stays within its bar")
  func hatching() throws {
    let markup = SeriesStyle(index: 1).hatch(x: 10, y: 20, width: 13, height: 40)
    let outline = try Outline(xml: Data("<g>\(markup.source)</g>".utf8))
    let strokes = outline.elements.dropFirst()
    #expect(strokes.count == 10)
    for stroke in strokes {
      for (name, range) in [("x1", 10.0...23), ("x2", 10...23), ("y1", 20...60), ("y2", 20...60)] {
        let value = try #require(Double(stroke.attributes[name] ?? ""))
        #expect(range.contains(value))
      }
    }
  }

  @Test("Numbers have one form")
  func numbers() {
    #expect(NumberText.percent(0.97456) == "97.5\u{A0}%")
    #expect(NumberText.decimal(0.031234) == "0.0312")
    #expect(NumberText.decimal(-12.3456) == "−12.3")
    #expect(NumberText.decimal(3.1e-7) == "3.10e−7")
    #expect(NumberText.decimal(123_456) == "123456")
    #expect(NumberText.decimal(-0.00001, digits: 2) == "−1.0e−5")
    #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
    #expect(NumberText.count(1_234_567) == "1,234,567")
    #expect(NumberText.count(-12) == "−12")
    #expect(NumberText.plain(0.1) == "0.1" && NumberText.plain(8) == "8")
    #expect(NumberText.coordinate(-0.001) == "0" && NumberText.coordinate(12.5) == "12.5")
    #expect(NumberText.signed(.nan) == "not a number")
    #expect(NumberText.moment("2026-03-02T09:15:30Z") == "2026-03-02 09:15 UTC")
  }
}
