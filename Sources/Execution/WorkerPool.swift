import Foundation
import Synchronization

/// Threads that wait for work: briefly awake, then asleep.
///
/// A small model's micro-batch takes some microseconds, and waking a thread that sleeps as many
/// tens; a worker that has just finished is therefore kept looking for more for a moment.
final class WorkerPool: Sendable {
  static let shared = WorkerPool()

  private let idle = Mutex<[Worker]>([])

  private init() {}

  /// Runs a body on the calling thread and on others, and returns when all have finished it.
  ///
  /// A body that calls this again takes further threads: nobody waits for one that waits for them.
  ///
  /// - Parameters:
  ///   - count: How many threads run the body, the calling one included.
  ///   - body: What each of them does.
  func perform(on count: Int, _ body: @escaping @Sendable () -> Void) {
    let helpers = (1..<max(count, 1)).map { _ in idle.withLock { $0.popLast() } ?? Worker() }
    let latch = Latch(helpers.count)
    for helper in helpers {
      helper.assign {
        body()
        // Before the caller goes on, so that its next call finds the thread awake.
        self.idle.withLock { $0.append(helper) }
        latch.countDown()
      }
    }
    body()
    latch.wait()
  }
}

/// One thread and its next piece of work.
private final class Worker: Sendable {
  private enum State {
    static let waiting = 0
    static let assigned = 1
    static let asleep = 2
  }

  private let state = Atomic(State.waiting)
  private let work = Mutex<(@Sendable () -> Void)?>(nil)
  private let alarm = DispatchSemaphore(value: 0)

  init() {
    let thread = Thread { [self] in
      while true { next()() }
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  func assign(_ work: @escaping @Sendable () -> Void) {
    self.work.withLock { $0 = work }
    let before = state.exchange(State.assigned, ordering: .acquiringAndReleasing)
    if before == State.asleep { alarm.signal() }
  }

  private func next() -> @Sendable () -> Void {
    let isAssigned = Patience.waits { state.load(ordering: .acquiring) == State.assigned }
    if !isAssigned {
      let (fellAsleep, _) = state.compareExchange(
        expected: State.waiting, desired: State.asleep, ordering: .acquiringAndReleasing)
      if fellAsleep { alarm.wait() }
    }
    return work.withLock { work in
      defer { work = nil }
      state.store(State.waiting, ordering: .releasing)
      return work ?? {}
    }
  }
}

/// Lets one thread wait until others have arrived.
private final class Latch: Sendable {
  private let missing: Atomic<Int>
  private let alarm = DispatchSemaphore(value: 0)

  init(_ count: Int) { missing = Atomic(count) }

  func countDown() {
    if missing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { alarm.signal() }
  }

  func wait() {
    guard missing.load(ordering: .acquiring) > 0 else { return }
    if !Patience.waits({ missing.load(ordering: .acquiring) == 0 }) { alarm.wait() }
  }
}

/// Waiting for what is expected any moment.
private enum Patience {
  /// About 50 µs: what putting a thread to sleep and waking it costs.
  private static let rounds = 100

  /// Whether a condition has come true while others were given the processor.
  static func waits(_ condition: () -> Bool) -> Bool {
    for _ in 0..<rounds {
      for _ in 0..<64 where condition() { return true }
      sched_yield()
    }
    return condition()
  }
}
