import Statistics
import Testing

@Suite("Association")
struct AssociationTests {
  private struct Record: Decodable {
    struct Associations: Decodable {
      var first: [Int]
      var near: [Int]
      var far: [Int]
      var x: [Double]
      var y: [Double]
      var cramersNear: Double
      var cramersFar: Double
      var ratio: Double
      var ratioFar: Double
    }
    var associations: Associations
  }

  @Test("Both measures are what SciPy's χ² and F tests give")
  func recorded() throws {
    let record = try RecordedStatistics.read("global", as: Record.self).associations
    let near = try #require(Association.cramersV(record.first, record.near))
    let far = try #require(Association.cramersV(record.far, record.first))
    #expect(RecordedStatistics.agree(near, record.cramersNear, relative: 1e-12))
    #expect(RecordedStatistics.agree(far, record.cramersFar, relative: 1e-12))
    let ratio = try #require(Association.correlationRatio(of: record.x, in: record.first))
    let small = try #require(Association.correlationRatio(of: record.y, in: record.far))
    #expect(RecordedStatistics.agree(ratio, record.ratio, relative: 1e-12))
    #expect(RecordedStatistics.agree(small, record.ratioFar, relative: 1e-12))
  }

  @Test("The same variable is associated as strongly as can be, whatever its codes are called")
  func perfect() throws {
    let codes = (0..<40).map { $0 % 4 }
    let renamed = codes.map { [7, -2, 31, 5][$0] }
    #expect(abs(try #require(Association.cramersV(codes, renamed)) - 1) < 1e-12)
    let values = codes.map { [0.5, 2.5, -1, 9][$0] }
    #expect(Association.correlationRatio(of: values, in: codes) == 1)
  }

  @Test("Categories spread evenly over another's have no association")
  func none() {
    let pairs = (0..<36).map { ($0 % 3, $0 / 3 % 4) }
    #expect(Association.cramersV(pairs.map(\.0), pairs.map(\.1)) == 0)
    let values = pairs.map { Double($0.1) }
    #expect((Association.correlationRatio(of: values, in: pairs.map(\.0)) ?? 1) < 1e-12)
  }

  @Test("With a constant there is none to speak of")
  func constant() {
    #expect(Association.cramersV([1, 1, 1], [0, 1, 2]) == nil)
    #expect(Association.correlationRatio(of: [2, 2, 2], in: [0, 1, 1]) == nil)
    #expect(Association.correlationRatio(of: [1, 2, 3], in: [4, 4, 4]) == nil)
    // As many categories as samples.
    #expect(Association.cramersV([0, 1, 2], [2, 1, 0]) == nil)
  }
}
