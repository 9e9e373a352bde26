import Tensors
import Testing

@testable import Assessments

@Suite("Associations of features")
struct FeatureAssociationsTests {
  @Test("Each pair is measured as its kinds ask for, as SciPy has it")
  func recorded() throws {
    let record = try RecordedGlobalExplanations.read().associations
    let categories = ["a", "b", "c", "d"]
    let found = FeatureAssociations(
      [
        Feature(name: "x"), Feature(name: "y"),
        Feature(name: "first", kind: .categorical, categories: categories),
        Feature(name: "near", kind: .categorical, categories: categories),
        Feature(name: "constant", kind: .integer),
      ],
      columns: [record.x, record.y, record.first, record.near].map { $0.map(Double.init) }
        + [record.x.map { _ in 3 }])
    // A constant goes with nothing.
    #expect(found.pairs.count == 6)
    func pair(_ first: Int, _ second: Int) -> FeatureAssociation? {
      found.pairs.first { $0.first == first && $0.second == second }
    }
    for (pair, method, expected) in [
      (pair(0, 1), .spearman, record.spearman), (pair(2, 3), .cramersV, record.cramersNear),
      (pair(0, 2), .correlationRatio, record.ratio),
    ] as [(FeatureAssociation?, FeatureAssociation.Method, Double)] {
      #expect(pair?.method == method)
      // Values were stored in single precision.
      #expect(abs((pair?.value ?? 0) - expected) < 1e-6)
    }
    let mean = ((pair(0, 2)?.value ?? 0) + (pair(1, 2)?.value ?? 0)) / 2
    #expect(mean > 0 && mean < 0.7)
    #expect(found.groups(limit: 0.75) == [[0, 1], [2, 3]])
    #expect(found.groups(limit: 0.99).isEmpty)
  }
}
