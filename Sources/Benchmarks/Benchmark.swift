import Foundation
import NativeBackend

/// Times one task on one network, and refuses to where its result is not right.
///
/// A call that is over soon is repeated until a run takes a third of a second.
package struct Benchmark {
  private let task: BenchmarkTask
  private let network: BenchmarkNetwork
  private let threads: Int
  private let work: BenchmarkWork
  private let calls: Int

  /// A run's rate, and the processor's peak beside it: both drift on a machine that others use.
  package struct Run: Sendable {
    fileprivate let samplesPerSecond: Double
    fileprivate let peak: Double
  }

  /// Checks the result and warms up.
  ///
  /// - Throws: `BenchmarkError` if the result is wrong, or what the task throws.
  package init(_ task: BenchmarkTask, on network: BenchmarkNetwork, threads: Int) throws {
    precondition(threads > 0, "expected a positive number of threads, got \(threads)")
    self.task = task
    self.network = network
    self.threads = threads
    let work = try BenchmarkSubject(network, threads: threads).work(task)
    try work.check()
    try ResidentMemory.forgetPeak()
    let once = try Self.seconds { try work.run() }
    self.work = work
    calls = max(1, Int(0.3 / max(once, 1e-6)))
  }

  package func run() throws -> Run {
    let peak = try NativeBackend.peakOperationRate(threads: threads)
    let seconds = try Self.seconds { for _ in 0..<calls { try work.run() } }
    return Run(samplesPerSecond: Double(calls * work.samples) / seconds, peak: peak)
  }

  /// The medians of some runs.
  ///
  /// - Precondition: there is one.
  /// - Throws: `CocoaError` where the system does not tell how much memory was needed.
  package func figure(_ runs: [Run]) throws -> BenchmarkFigure {
    precondition(!runs.isEmpty, "expected a run")
    let rate = runs.map(\.samplesPerSecond).median
    let peak = runs.map(\.peak).median
    let operationRate = rate * work.operations
    return try BenchmarkFigure(
      task: task.rawValue, model: network.name, threads: threads, samplesPerSecond: rate,
      gflops: operationRate / 1e9, fractionOfPeak: peak > 0 ? operationRate / peak : nil,
      residentMegabytes: ResidentMemory.peakMegabytes())
  }

  private static func seconds(_ body: () throws -> Void) throws -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }
}

/// What was measured.
package struct BenchmarkFigure: Encodable, Sendable {
  package let task: String
  package let model: String
  package let threads: Int
  package let samplesPerSecond: Double
  package let gflops: Double
  /// Of what the processor's registers allow on as many threads; nil where that is not known.
  package let fractionOfPeak: Double?
  /// The most that the process has had since its result was checked, which takes other memory.
  package let residentMegabytes: Int

  private enum CodingKeys: String, CodingKey {
    case task, model, threads
    case samplesPerSecond = "samples_per_s"
    case gflops
    case fractionOfPeak = "fraction_of_peak"
    case residentMegabytes = "rss_mb"
  }
}

extension [Double] {
  fileprivate var median: Double {
    let sorted = sorted()
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
  }
}
