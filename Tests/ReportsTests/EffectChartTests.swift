import Foundation
import Testing

@testable import Reports

@Suite("Effect chart")
struct EffectChartTests {
  private func chart(_ form: EffectChart.Form, points: [Double], counts: [Int]) -> EffectChart {
    EffectChart(
      id: "e", title: "t", description: "d", xLabel: "x", yLabel: "y", form: form,
      points: points, counts: counts,
      curves: [.init(values: [-1, 1, 0], margins: [0.4, 0, 1])], yValues: -2...2)
  }

  @Test("Curve and band land where hand arithmetic puts them, the lowest 18 % kept for the data")
  func numbers() throws {
    let chart = chart(.numbers, points: [0, 10, 30], counts: [30, 30])
    let outline = try Outline(xml: Data(chart.markup.source.utf8))
    // The frame is 58…326 wide and 194…12 high: 182, of which the upper 82 % are 149.24 for −2…2.
    #expect(abs(chart.plot.y(2) - 12) < 1e-9)
    #expect(abs(chart.plot.y(-2) - 161.24) < 1e-9)
    let line = try #require(outline.elements.first { $0.name == "polyline" })
    #expect(line.attributes["points"] == "58,123.93 147.33,49.31 326,86.62")
    let band = try #require(outline.elements.first { $0.name == "polygon" })
    #expect(
      band.attributes["points"]
        == "58,109.01 147.33,49.31 326,49.31 326,123.93 147.33,49.31 58,138.85")
  }

  @Test("Bars are as high as samples are dense: half where the same number spreads twice as wide")
  func density() throws {
    let numbers = chart(.numbers, points: [0, 10, 30], counts: [30, 30])
    let heights = try heights(numbers)
    #expect(heights.count == 2 && abs(heights[0] - 2 * heights[1]) < 0.02)
    #expect(abs(heights[0] - 182 * 0.18 * 0.9) < 0.01)
    // Single values: as high as they are frequent.
    let levels = try self.heights(
      chart(.levels(["a", "b", "c"]), points: [0, 1, 2], counts: [20, 5, 10]))
    #expect(abs(levels[0] - 4 * levels[1]) < 0.02 && abs(levels[0] - 2 * levels[2]) < 0.02)
  }

  @Test("Levels carry their labels, a marker and a stroke each")
  func levels() throws {
    let chart = chart(.levels(["a", "b", "c"]), points: [5, 6, 9], counts: [1, 1, 1])
    let outline = try Outline(xml: Data(chart.markup.source.utf8))
    let labels = outline.elements.filter { $0.attributes["text-anchor"] == "middle" }.map(\.text)
    #expect(labels.prefix(3) == ["a", "b", "c"])
    #expect(outline.elements.count { $0.name == "circle" } == 3)
    #expect(outline.elements.count { $0.name == "polyline" } == 3)
  }

  private func heights(_ chart: EffectChart) throws -> [Double] {
    try Outline(xml: Data(chart.markup.source.utf8)).elements.filter { $0.name == "rect" }
      .compactMap { $0.attributes["height"].flatMap(Double.init) }
  }
}
