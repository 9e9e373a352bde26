public import Programs
public import Tensors

/// A symbolic program run on any number of samples, a fixed number at a time, by several threads.
///
/// Inputs and outputs whose first axis is the batch have a row for each sample. The last
/// micro-batch is filled with copies of the last sample, whose rows are dropped again: one size is
/// compiled, and a sample's rows are the same bits in whichever company and order it comes. A call
/// for a single sample has a size of its own, since it is there that somebody waits.
///
/// Outputs without a batch axis are summed over the micro-batches in the order of the samples:
/// gradients in parameters, say, of a loss that is a sum over samples. A program with such outputs
/// runs its last micro-batch without copies, which would be counted.
public final class MicroBatchedFunction: Sendable {
  /// The number of samples that a call of the compiled program takes.
  public let microBatch: Int
  private let function: BatchedFunction
  private let hasSums: Bool

  private var program: Program { function.program }

  /// - Precondition: an input has the symbolic batch size as its first dimension.
  public init(_ program: Program, on backend: any Backend, microBatch: Int? = nil) {
    precondition(
      program.inputs.contains { $0.type.shape.rowsPerSample != nil },
      "expected an input whose first dimension is the batch")
    self.microBatch = microBatch ?? program.microBatchSize
    function = BatchedFunction(program, on: backend)
    hasSums = program.outputTypes.contains { $0.shape.rowsPerSample == nil }
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - inputs: The inputs; those with a batch axis agree in the number of samples.
  ///   - threads: How many threads work at once; the results do not depend on it.
  /// - Returns: The outputs.
  /// - Throws: `ExecutionError` if the inputs do not fit.
  public func callAsFunction(_ inputs: [Tensor], threads: Int = 1) throws -> [Tensor] {
    let count = try sampleCount(of: inputs)
    guard count > 0 else { return try function(inputs) }
    let microBatch = count == 1 ? 1 : microBatch
    let starts = Array(stride(from: 0, to: count, by: microBatch))
    let parts = try concurrentMap(count: starts.count, threads: threads) { index in
      try self.part(of: inputs, from: starts[index], count: count, size: microBatch)
    }
    return program.outputTypes.indices.map { output in
      let pieces = parts.map { $0[output] }
      return program.outputTypes[output].shape.rowsPerSample == nil
        ? pieces.dropFirst().reduce(pieces[0]) { $0 + $1 } : Tensor.concatenated(pieces)
    }
  }

  private func part(
    of inputs: [Tensor], from start: Int, count: Int, size microBatch: Int
  ) throws -> [Tensor] {
    let kept = min(microBatch, count - start)
    let size = hasSums ? kept : microBatch
    let arguments = zip(inputs, program.inputs).map { input, port in
      guard let rows = port.type.shape.rowsPerSample else { return input }
      guard size > kept else {
        // Nothing is filled up; what is asked for may even be all there is.
        let range = start * rows..<(start + kept) * rows
        return range.count == input.shape[0] ? input : input.rows(range)
      }
      return input.rows(
        (0..<size).flatMap { sample in
          let source = min(start + sample, count - 1)
          return (0..<rows).map { source * rows + $0 }
        })
    }
    return zip(try function(arguments), program.outputTypes).map { result, type in
      guard let rows = type.shape.rowsPerSample, size > kept else { return result }
      return result.rows(0..<kept * rows)
    }
  }

  private func sampleCount(of inputs: [Tensor]) throws -> Int {
    guard inputs.count == program.inputs.count else {
      throw ExecutionError.inputCount(expected: program.inputs.count, got: inputs.count)
    }
    var found: Int?
    for (input, port) in zip(inputs, program.inputs) {
      guard let rows = port.type.shape.rowsPerSample else { continue }
      let count = found ?? (input.shape.rank > 0 ? input.shape[0] / rows : 0)
      found = count
      let expected = ValueType(port.type.elementType, port.type.shape.bound(batch: count))
      let got = ValueType(input.elementType, input.shape)
      guard got == expected else {
        throw ExecutionError.inputType(name: port.name, expected: expected, got: got)
      }
    }
    return found ?? 0
  }
}

extension Shape {
  /// How many rows of the first axis belong to a sample; nil without a batch axis.
  fileprivate var rowsPerSample: Int? {
    guard let first = dimensions.first, Shape.isSymbolic(first) else { return nil }
    return first / Shape.batch
  }
}
