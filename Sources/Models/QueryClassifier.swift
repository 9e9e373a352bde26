public import Execution
public import Tensors

/// A model on a backend, its parameters fixed, that answers and shows nothing else.
///
/// For models without a gradient, and for any other that is to be seen from outside only.
public final class QueryClassifier: ModelClassifier {
  private let functions: ModelFunctions

  /// - Parameters:
  ///   - model: The model.
  ///   - backend: Where its program runs.
  ///   - microBatch: How many samples are worked on together, as `ProgramClassifier` chooses it.
  /// - Throws: `ProgramError` if the parameters do not fit the program.
  public init(_ model: Model, on backend: any Backend, microBatch: Int? = nil) throws {
    functions = try ModelFunctions(model, on: backend, microBatch: microBatch)
  }

  public var model: Model { functions.model }
  public var backend: any Backend { functions.backend }
  public var microBatch: Int { functions.microBatch }
  public var passes: PassCount { functions.passes }

  public var access: ClassifierAccess {
    guard case .none(let reason) = model.gradient else {
      return .queries(self, reason: "it was made to be queried only")
    }
    return .queries(self, reason: reason)
  }

  public func logits(_ inputs: Tensor) throws -> Tensor { try functions.logits(inputs) }

  public func verifiedLogits(_ inputs: Tensor, threads: Int) throws -> Tensor {
    try functions.verifiedLogits(inputs, threads: threads)
  }
}
