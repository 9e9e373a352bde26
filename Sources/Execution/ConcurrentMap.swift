import Synchronization

/// The results of a function at 0, 1, …, computed by several threads, in order.
///
/// The next index goes to whichever thread is free. After an error no further index is started;
/// those below it have been, so the error thrown is the one that a plain loop would have met first.
///
/// - Parameters:
///   - count: The number of indices.
///   - threads: How many threads work at once; one means the calling thread alone.
///   - body: The function; it runs on several threads at the same time.
/// - Returns: The results in the order of the indices.
/// - Throws: the error of the smallest index that failed.
package func concurrentMap<Element: Sendable>(
  count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Element
) throws -> [Element] {
  let workers = min(max(threads, 1), count)
  guard workers > 1 else { return try (0..<max(count, 0)).map(body) }
  let results = Mutex<[Result<Element, any Error>?]>(Array(repeating: nil, count: count))
  let next = Mutex(0)
  @Sendable func work() {
    while let index = next.withLock({ next -> Int? in
      guard next < count else { return nil }
      defer { next += 1 }
      return next
    }) {
      let result = Result { try body(index) }
      if case .failure = result { next.withLock { $0 = count } }
      results.withLock { $0[index] = result }
    }
  }
  WorkerPool.shared.perform(on: workers, work)
  return try results.withLock { $0 }.compactMap { try $0?.get() }
}
