package import Execution
import Synchronization
public import Tensors

/// A compiled function around a model that counts the passes it makes.
public struct ModelFunction: Sendable {
  private let function: BatchedFunction
  private let passes: PassCount
  private let counter: PassCounter

  package init(_ function: BatchedFunction, passes: PassCount, counter: PassCounter) {
    self.function = function
    self.passes = passes
    self.counter = counter
  }

  /// Runs the function on one micro-batch.
  ///
  /// - Parameters:
  ///   - inputs: The inputs of the function.
  ///   - samples: How many rows count as passes: all unless some only fill the micro-batch.
  /// - Returns: The outputs of the function.
  /// - Throws: `ExecutionError` if the inputs do not fit.
  public func callAsFunction(_ inputs: [Tensor], counting samples: Int? = nil) throws -> [Tensor] {
    counter.add(passes * (samples ?? inputs.first?.shape.dimensions.first ?? 0))
    return try function(inputs)
  }

  /// Runs the function on any number of samples, a fixed number at a time.
  ///
  /// Every input and output is per sample; the last micro-batch is filled with copies of its last
  /// sample, so that one compiled version serves all but a call for a single sample.
  ///
  /// - Parameters:
  ///   - inputs: The inputs of the function.
  ///   - size: The number of samples of a micro-batch.
  ///   - threads: How many threads work at once; the results do not depend on it.
  /// - Returns: The outputs of the function.
  /// - Throws: `ExecutionError` if the inputs do not fit.
  public func inMicroBatches(
    _ inputs: [Tensor], of size: Int, threads: Int = 1
  ) throws -> [Tensor] {
    let count = inputs.first?.shape[0] ?? 0
    precondition(count > 0, "expected at least one sample")
    let size = count == 1 ? 1 : size
    let starts = Array(stride(from: 0, to: count, by: size))
    let parts = try concurrentMap(count: starts.count, threads: threads) { index in
      try microBatch(of: inputs, starts[index]..<starts[index] + size, count: count)
    }
    return parts[0].indices.map { output in Tensor.concatenated(parts.map { $0[output] }) }
  }

  private func microBatch(
    of inputs: [Tensor], _ range: Range<Int>, count: Int
  ) throws -> [Tensor] {
    let kept = Swift.min(range.upperBound, count) - range.lowerBound
    counter.add(passes * kept)
    guard kept < range.count else {
      return try function(kept == count ? inputs : inputs.map { $0.rows(range) })
    }
    let rows = range.map { Swift.min($0, count - 1) }
    return try function(inputs.map { $0.rows(rows) }).map { $0.rows(0..<kept) }
  }
}

/// A count of passes that several threads add to.
package final class PassCounter: Sendable {
  private let total = Mutex(PassCount())

  package init() {}

  package var count: PassCount { total.withLock { $0 } }

  package func add(_ passes: PassCount) { total.withLock { $0 = $0 + passes } }
}
