import Execution
import Testing

@Suite("The concurrent map") struct ConcurrentMapTests {
  struct Failure: Error, Equatable { let index: Int }

  @Test("returns results in order and throws the first error by index", arguments: [1, 2, 5])
  func keepsOrder(threads: Int) throws {
    #expect(
      try concurrentMap(count: 100, threads: threads) { $0 * $0 } == (0..<100).map { $0 * $0 })
    #expect(try concurrentMap(count: 0, threads: threads) { $0 } == [])
    #expect(throws: Failure(index: 40)) {
      try concurrentMap(count: 100, threads: threads) { index in
        if index >= 40 { throw Failure(index: index) }
      }
    }
  }
}
