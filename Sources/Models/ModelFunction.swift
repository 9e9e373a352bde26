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
  /// sample, so that one compiled version serves all.
  public func inMicroBatches(_ inputs: [Tensor], of size: Int) throws -> [Tensor] {
    let count = inputs.first?.shape[0] ?? 0
    precondition(count > 0, "expected at least one sample")
    var parts: [[Tensor]] = []
    for start in stride(from: 0, to: count, by: size) {
      let kept = Swift.min(size, count - start)
      counter.add(passes * kept)
      guard kept < size else {
        let arguments = kept == count ? inputs : inputs.map { $0.rows(start..<start + size) }
        parts.append(try function(arguments))
        continue
      }
      let rows = (start..<start + size).map { Swift.min($0, count - 1) }
      parts.append(try function(inputs.map { $0.rows(rows) }).map { $0.rows(0..<kept) })
    }
    return parts[0].indices.map { output in Tensor.concatenated(parts.map { $0[output] }) }
  }
}

/// A count of passes that several threads add to.
package final class PassCounter: Sendable {
  private let total = Mutex(PassCount())

  package init() {}

  package var count: PassCount { total.withLock { $0 } }

  package func add(_ passes: PassCount) { total.withLock { $0 = $0 + passes } }
}
