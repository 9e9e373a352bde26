import Testing

@testable import Statistics

@Suite("Holm's correction")
struct HolmCorrectionTests {
  private struct Family: Decodable {
    let probabilities, adjusted: [Double]
  }

  @Test("adjusted p-values are those of statsmodels")
  func recorded() throws {
    for family in try RecordedStatistics.read("holm", as: [Family].self) {
      let adjusted = HolmCorrection.adjusted(family.probabilities)
      for (found, expected) in zip(adjusted, family.adjusted) {
        #expect(abs(found - expected) < 1e-15, "\(family)")
      }
      #expect(adjusted.count == family.adjusted.count)
    }
  }

  @Test("no p-values give none, and one stays as it is")
  func few() {
    #expect(HolmCorrection.adjusted([]).isEmpty)
    #expect(HolmCorrection.adjusted([0.03]) == [0.03])
  }
}
