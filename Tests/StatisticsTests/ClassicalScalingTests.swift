import Statistics
import Testing

@Suite("Classical scaling")
struct ClassicalScalingTests {
  private struct Record: Decodable {
    struct Scaling: Decodable {
      var distances: [[Double]]
      var coordinates: [Double]
    }
    var scaling: Scaling
  }

  @Test("The first coordinates are those of PyALE's cmds, but for the sign")
  func recorded() throws {
    let record = try RecordedStatistics.read("global", as: Record.self).scaling
    let found = ClassicalScaling.firstCoordinates(of: record.distances)
    let sign = record.coordinates[0] > 0 ? -1.0 : 1
    for (place, expected) in zip(found, record.coordinates) {
      #expect(abs(place - sign * expected) < 1e-10)
    }
  }

  @Test("Items on a line keep their distances, centred, the first one to the left")
  func line() {
    let places = [4.0, 0, 7, 1]
    let distances = places.map { place in places.map { abs($0 - place) } }
    let found = ClassicalScaling.firstCoordinates(of: distances)
    for (place, expected) in zip(found, [-1.0, 3, -4, 2]) { #expect(abs(place - expected) < 1e-12) }
  }

  @Test("Items that are all alike lie at 0")
  func equal() {
    let zeros = [[Double]](repeating: [0, 0, 0], count: 3)
    #expect(ClassicalScaling.firstCoordinates(of: zeros) == [0, 0, 0])
    #expect(ClassicalScaling.firstCoordinates(of: []) == [])
  }
}
