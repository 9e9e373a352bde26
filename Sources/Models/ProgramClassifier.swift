public import Execution
public import Programs
import Synchronization
public import Tensors

/// A model on a backend, its parameters fixed.
public final class ProgramClassifier: DifferentiableClassifier {
  public let model: Model
  public let backend: any Backend
  public let microBatch: Int
  /// The model as a function of the inputs alone.
  public let program: Program
  private let functions = Mutex(Functions())
  private let counter = PassCounter()

  private struct Functions: Sendable {
    var byKey: [FunctionKey: ModelFunction] = [:]
  }

  /// - Parameters:
  ///   - model: The model.
  ///   - backend: Where its programs run.
  ///   - microBatch: How many samples are worked on together; by default as many as fit into a
  ///     cache, and no more than 32, so that a few hundred samples keep several workers busy.
  /// - Throws: `ProgramError` if the parameters do not fit the program.
  public init(_ model: Model, on backend: any Backend, microBatch: Int? = nil) throws {
    self.model = model
    self.backend = backend
    program = try model.bound()
    self.microBatch = microBatch ?? Swift.min(program.microBatchSize, 32)
  }

  public var input: InputSpecification { model.input }
  public var classNames: [String] { model.classNames }

  /// The passes that all functions of this classifier have made so far.
  public var passes: PassCount { counter.count }

  public func logits(_ inputs: Tensor) throws -> Tensor {
    let port = Program.Port(
      name: "inputs", type: ValueType(.float32, [Shape.batch] + input.encodedShape))
    let forward = try function("logits", inputs: [port], passes: PassCount(forward: 1)) {
      [("logits", $1($0[0]))]
    }
    return try forward.inMicroBatches([inputs], of: microBatch)[0]
  }

  public func function<Key: Hashable & Sendable>(
    _ key: Key, inputs: [Program.Port], passes: PassCount,
    trace: ([Value], (Value) -> Value) throws -> [(name: String, value: Value)]
  ) throws -> ModelFunction {
    let key = FunctionKey(key)
    if let function = functions.withLock({ $0.byKey[key] }) { return function }
    let traced = try Program.trace(inputs) { values in
      try trace(values) { input in input.builder.inline(self.program, [input])[0] }
    }
    let function = ModelFunction(
      BatchedFunction(traced, on: backend), passes: passes, counter: counter)
    functions.withLock { $0.byKey[key] = function }
    return function
  }
}

/// A key of any type, with that type as part of its identity.
private struct FunctionKey: Hashable, @unchecked Sendable {
  // Sendable: made from a Sendable key only.
  private let key: AnyHashable

  init<Key: Hashable & Sendable>(_ key: Key) { self.key = AnyHashable(key) }
}
