import Execution
import Foundation
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

  @Test("calls may be made within calls, and from several threads at once")
  func nested() throws {
    let sums = try concurrentMap(count: 8, threads: 4) { outer in
      try concurrentMap(count: 50, threads: 3) { outer * 50 + $0 }.reduce(0, +)
    }
    #expect(sums == (0..<8).map { outer in (0..<50).map { outer * 50 + $0 }.reduce(0, +) })
  }

  @Test("thousands of short calls lose nothing, whether workers are awake or asleep")
  func short() throws {
    for round in 0..<3000 {
      #expect(
        try concurrentMap(count: 3, threads: 3) { $0 + round } == [round, round + 1, round + 2])
      // Longer than workers look for more.
      if round % 500 == 0 { usleep(2000) }
    }
  }

  @Test("work is shared among as many threads as asked for")
  func shared() throws {
    let names = try concurrentMap(count: 4, threads: 4) { _ in
      usleep(20_000)
      return UInt(pthread_self())
    }
    #expect(Set(names).count == 4)
  }
}
