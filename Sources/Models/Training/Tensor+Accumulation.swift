import Execution
import Tensors

/// Arithmetic in place on float32 tensors of one shape: what sums gradients and averages weights.
extension Tensor {
  /// Adds others, in their order, a part of the elements on each of several threads.
  mutating func add(_ others: [Tensor], threads: Int) throws {
    guard !others.isEmpty else { return }
    // As much as keeps a thread busy for longer than it takes to start.
    let part = 1 << 15
    let starts = Array(stride(from: 0, to: count, by: part))
    try withUnsafeMutableScalars(of: Float.self) { target in
      // The parts of the threads are disjoint.
      nonisolated(unsafe) let target = target
      _ = try concurrentMap(count: starts.count, threads: threads) { index in
        let range = starts[index]..<Swift.min(starts[index] + part, target.count)
        let sum = UnsafeMutableBufferPointer(rebasing: target[range])
        for other in others {
          other.withUnsafeScalars(of: Float.self) {
            sum.add(UnsafeBufferPointer(rebasing: $0[range]))
          }
        }
      }
    }
  }

  /// Moves each element a share of the way to another tensor's.
  mutating func move(toward other: Tensor, by share: Float) {
    other.withUnsafeScalars(of: Float.self) { source in
      withUnsafeMutableScalars(of: Float.self) { target in
        for index in target.indices { target[index] += share * (source[index] - target[index]) }
      }
    }
  }

  /// Σ x², summed in double precision.
  var squaredLength: Double {
    withUnsafeScalars(of: Float.self) { $0.reduce(0) { $0 + Double($1) * Double($1) } }
  }
}
