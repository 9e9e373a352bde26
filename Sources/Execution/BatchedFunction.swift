public import Programs
import Synchronization
public import Tensors

/// A symbolic program compiled on demand for each batch size it is called with.
///
/// The inputs whose first dimension is the symbolic batch size determine it; compiled versions are
/// kept, so that calls of one size are compiled once.
public final class BatchedFunction: Sendable {
  public let program: Program
  private let backend: any Backend
  private let compiled = Mutex(Versions())

  private struct Versions: Sendable {
    var byBatch: [Int: any Executable] = [:]
  }

  /// - Precondition: an input has the symbolic batch size as its first dimension, or the program
  ///   is not symbolic.
  public init(_ program: Program, on backend: any Backend) {
    self.program = program
    self.backend = backend
  }

  /// Runs the program for the batch size that the inputs have.
  ///
  /// - Throws: `ExecutionError` or `ProgramError` if the inputs do not fit.
  public func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
    let executable = try executable(batch: batchSize(of: inputs))
    return try executable(inputs)
  }

  /// The compiled program for one batch size.
  public func executable(batch: Int) throws -> any Executable {
    if let executable = compiled.withLock({ $0.byBatch[batch] }) { return executable }
    let executable = try backend.compile(program.bound(batch: batch))
    // Another thread may have been faster; both versions compute the same.
    compiled.withLock { $0.byBatch[batch] = executable }
    return executable
  }

  private func batchSize(of inputs: [Tensor]) throws -> Int {
    guard inputs.count == program.inputs.count else {
      throw ExecutionError.inputCount(expected: program.inputs.count, got: inputs.count)
    }
    for (port, tensor) in zip(program.inputs, inputs)
    where port.type.shape.dimensions.first == Shape.batch && tensor.shape.rank > 0 {
      return tensor.shape[0]
    }
    return 1
  }
}
