public import Programs
public import Tensors

/// A model seen from outside, inputs in and logits out: all that black-box attacks see.
public protocol Classifier: Sendable {
  /// What a sample is; `logits` takes its encoded form.
  var input: InputSpecification { get }
  var classNames: [String] { get }

  /// The number of samples that a worker takes through a computation together.
  ///
  /// A function of the model alone, so that no result depends on threads or on a batch's size.
  var microBatch: Int { get }

  /// The classifier by what may be asked of it: nobody needs to cast to find a gradient.
  var access: ClassifierAccess { get }

  /// The logits of encoded inputs.
  ///
  /// - Shapes: `[N] + input.encodedShape` to `[N, classes]`.
  func logits(_ inputs: Tensor) throws -> Tensor

  /// The logits by the plainest computation that there is, for answers that a record rests on.
  ///
  /// They may differ from `logits` in rounding, where a faster algorithm serves searches.
  ///
  /// - Parameters:
  ///   - inputs: Encoded inputs.
  ///   - threads: How many threads work at once; the result does not depend on it.
  /// - Returns: Logits `[N, classes]`.
  /// - Throws: `ExecutionError` if the inputs do not fit the model.
  func verifiedLogits(_ inputs: Tensor, threads: Int) throws -> Tensor
}

/// A classifier whose program can be read: differentiated, traced into the step of an attack.
public protocol DifferentiableClassifier: Classifier {
  /// The model cut behind the affine layers that it begins with; nil where it has none to speak of.
  var affineStem: AffineStem? { get throws }

  /// A traced and compiled function around the model, kept under a key.
  ///
  /// - Parameters:
  ///   - key: What distinguishes the function: every setting that the trace depends on.
  ///   - inputs: The inputs of the function, per-sample ones of shape `[Shape.batch] + …`.
  ///   - passes: The forward and backward passes through the model that one call makes per sample.
  ///   - trace: Builds the outputs from the inputs and the model's logits function.
  /// - Returns: The function, the same one for the same key.
  /// - Throws: `ProgramError` if the traced equations do not fit, or what `trace` throws.
  func function<Key: Hashable & Sendable>(
    _ key: Key, inputs: [Program.Port], passes: PassCount,
    trace: ([Value], (Value) -> Value) throws -> [(name: String, value: Value)]
  ) throws -> ModelFunction
}

/// How often samples went through a model.
public struct PassCount: Hashable, Sendable, Codable {
  public var forward: Int
  public var backward: Int

  public init(forward: Int = 0, backward: Int = 0) {
    self.forward = forward
    self.backward = backward
  }

  public static func + (left: PassCount, right: PassCount) -> PassCount {
    PassCount(forward: left.forward + right.forward, backward: left.backward + right.backward)
  }
  public static func - (left: PassCount, right: PassCount) -> PassCount {
    PassCount(forward: left.forward - right.forward, backward: left.backward - right.backward)
  }
  public static func * (passes: PassCount, samples: Int) -> PassCount {
    PassCount(forward: passes.forward * samples, backward: passes.backward * samples)
  }
}

extension DifferentiableClassifier {
  public var affineStem: AffineStem? { nil }
}

extension Classifier {
  public var classCount: Int { classNames.count }

  public func verifiedLogits(_ inputs: Tensor, threads: Int) throws -> Tensor {
    try logits(inputs)
  }

  /// The first class with the largest logit, for each sample: int64 `[N]`.
  public func predictions(_ inputs: Tensor) throws -> Tensor {
    try logits(inputs).argMax()
  }
}

extension Tensor {
  /// The first column with the largest element in each row: int64 `[N]`.
  ///
  /// - Precondition: the tensor has shape `[N, K]` with K > 0.
  public func argMax() -> Tensor {
    precondition(shape.rank == 2 && shape[1] > 0, "expected [N, K], got \(shape)")
    let values = doubles
    return Tensor(
      (0..<shape[0]).map { row -> Int64 in
        let start = row * shape[1]
        var best = 0
        for column in 1..<Swift.max(shape[1], 2) where column < shape[1] {
          if values[start + column] > values[start + best] { best = column }
        }
        return Int64(best)
      })
  }
}
