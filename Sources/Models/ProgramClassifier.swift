public import Execution
public import Programs
public import Tensors

/// A model on a backend, its parameters fixed, whose program may be differentiated.
public final class ProgramClassifier: DifferentiableClassifier, ModelClassifier {
  private let functions: ModelFunctions

  /// - Parameters:
  ///   - model: The model.
  ///   - backend: Where its programs run.
  ///   - microBatch: How many samples are worked on together; by default as many as fit into a
  ///     cache, and no more than 32, so that a few hundred samples keep several workers busy.
  /// - Throws: `ModelError` if the model has no gradient; `ProgramError` if the parameters do not
  ///   fit the program.
  public init(_ model: Model, on backend: any Backend, microBatch: Int? = nil) throws {
    if case .none(let reason) = model.gradient {
      throw ModelError(.noGradient(model: model.name, reason: reason))
    }
    functions = try ModelFunctions(model, on: backend, microBatch: microBatch)
  }

  public var model: Model { functions.model }
  public var backend: any Backend { functions.backend }
  public var microBatch: Int { functions.microBatch }
  public var passes: PassCount { functions.passes }
  /// The model as a function of the inputs alone.
  public var program: Program { functions.program }

  public var affineStem: AffineStem? { get throws { try functions.affineStem } }

  public func logits(_ inputs: Tensor) throws -> Tensor { try functions.logits(inputs) }

  public func verifiedLogits(_ inputs: Tensor, threads: Int) throws -> Tensor {
    try functions.verifiedLogits(inputs, threads: threads)
  }

  public func function<Key: Hashable & Sendable>(
    _ key: Key, inputs: [Program.Port], passes: PassCount,
    trace: ([Value], (Value) -> Value) throws -> [(name: String, value: Value)]
  ) throws -> ModelFunction {
    try functions.function(key, inputs: inputs, passes: passes, trace: trace)
  }
}
