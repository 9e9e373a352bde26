public import Execution
package import Programs
public import Tensors

/// A model that was made of another tool's network, and what turns data into its samples.
public struct ImportedModel: Sendable {
  public var model: Model
  /// From encoded data to samples, where whole numbers become embeddings; nil elsewhere.
  package var encoder: Program?

  /// What the model takes of encoded data.
  ///
  /// - Throws: `ExecutionError` if the data do not fit.
  public func samples(of encoded: Tensor, on backend: any Backend) throws -> Tensor {
    guard let encoder else { return encoded }
    let function = MicroBatchedFunction(encoder, on: backend)
    return try function([encoded])[0]
  }

  /// The model's outputs for encoded data, all at once.
  func outputs(of encoded: Tensor, on backend: any Backend) throws -> Tensor {
    let samples = try samples(of: encoded, on: backend)
    let executable = try backend.compile(model.bound().bound(batch: samples.shape[0]))
    return try executable([samples])[0]
  }

  /// Whether every row of a classifier's outputs is a distribution: a softmax that was not seen.
  func makesProbabilities(of encoded: Tensor, on backend: any Backend) throws -> Bool {
    guard model.task == .classification, model.classNames.count > 1 else { return false }
    let outputs = try outputs(of: encoded.rows(0..<min(encoded.shape[0], 32)), on: backend)
    let (values, width) = (outputs.doubles, outputs.shape[1])
    return stride(from: 0, to: values.count, by: width).allSatisfy { start in
      let row = values[start..<start + width]
      return row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-4
    }
  }
}
