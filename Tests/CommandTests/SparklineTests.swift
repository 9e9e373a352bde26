import Testing

@testable import assay

@Suite("Sparkline")
struct SparklineTests {
  @Test("the smallest value is the lowest block, the largest the highest, the rest between")
  func heights() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([9, 5, 7]) == "█▁▅")
    #expect(Sparkline.text([-1, 1]) == "▁█")
  }

  @Test("what was not measured is a gap")
  func gaps() {
    #expect(Sparkline.text([nil, 1, nil, 2]) == " ▁ █")
    #expect(Sparkline.text([nil, nil]) == "  ")
    #expect(Sparkline.text([.nan, 1, .infinity, 2]) == " ▁ █")
  }

  @Test("equal values are of middle height, and no values are no text")
  func constant() {
    #expect(Sparkline.text([0.3, nil, 0.3]) == "▄ ▄")
    #expect(Sparkline.text([]) == "")
  }

  @Test("a range beyond the largest number still has its ends")
  func extremes() {
    let largest = Double.greatestFiniteMagnitude
    #expect(Sparkline.text([-largest, 0, largest]) == "▁▅█")
  }
}
