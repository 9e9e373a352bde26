import Statistics
import Testing

@Suite("Average linkage")
struct AverageLinkageTests {
  private struct Record: Decodable {
    struct Case: Decodable {
      var distances: [[Double]]
      var limit: Double
      var clusters: [[Int]]
    }
    var clustering: [Case]
  }

  @Test("Clusters are those of SciPy's linkage and fcluster")
  func recorded() throws {
    let cases = try RecordedStatistics.read("global", as: Record.self).clustering
    #expect(cases.count == 9)
    for record in cases {
      let found = AverageLinkage.clusters(record.distances, limit: record.limit)
      #expect(found.sorted { $0[0] < $1[0] } == record.clusters.sorted { $0[0] < $1[0] })
    }
  }

  @Test("A chain is cut where the mean distance, not the nearest, exceeds the limit")
  func chain() {
    let places = [0, 1.0, 2, 10]
    let distances = places.map { place in places.map { abs($0 - place) } }
    // 0 and 1 join at 1; 2 is 1.5 away from both on average.
    #expect(AverageLinkage.clusters(distances, limit: 1.4) == [[0, 1], [2], [3]])
    #expect(AverageLinkage.clusters(distances, limit: 1.5) == [[0, 1, 2], [3]])
    #expect(AverageLinkage.clusters(distances, limit: 9) == [[0, 1, 2, 3]])
  }

  @Test("No items make no clusters, one item one")
  func small() {
    #expect(AverageLinkage.clusters([], limit: 1) == [])
    #expect(AverageLinkage.clusters([[0]], limit: 1) == [[0]])
  }
}
