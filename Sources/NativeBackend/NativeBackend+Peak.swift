import CKernels
import Execution

extension NativeBackend {
  /// Float32 operations a second that the processor reaches with its operands in registers, on so
  /// many threads at once: what fractions of the peak refer to.
  ///
  /// The best of a few bursts of some milliseconds each: a burst that was interrupted says nothing.
  ///
  /// - Returns: 0 where the processor has no multiply-adds on vectors.
  package static func peakOperationRate(threads: Int) throws -> Double {
    let rounds: Int64 = 400_000
    let bursts = try (0..<4).map { _ -> Double in
      let start = ContinuousClock.now
      let counts = try concurrentMap(count: threads, threads: threads) { _ in
        assay_peak_operations(rounds)
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      return Double(counts.reduce(0, +)) / seconds
    }
    return bursts.max() ?? 0
  }
}
