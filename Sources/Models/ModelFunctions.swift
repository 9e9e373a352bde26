import Execution
import Programs
import Synchronization
import Tensors

/// The functions around one model on one backend: traced once, kept by key, their passes counted.
///
/// Classifiers are views of it that differ in what they let through.
final class ModelFunctions: Sendable {
  let model: Model
  let backend: any Backend
  /// The number of samples that are worked on together.
  let microBatch: Int
  /// The model as a function of the inputs alone.
  let program: Program
  private let functions = Mutex(Functions())
  private let counter = PassCounter()

  private struct Functions: Sendable {
    var byKey: [FunctionKey: ModelFunction] = [:]
    /// The stem once it has been looked for, nil before.
    var stem: AffineStem??
  }

  /// - Throws: `ProgramError` if the parameters do not fit the program.
  init(_ model: Model, on backend: any Backend, microBatch: Int?) throws {
    self.model = model
    self.backend = backend
    program = try model.bound()
    self.microBatch = try microBatch ?? Self.microBatch(program)
  }

  /// As many samples as fill the cache, up to 32; up to 128 where even those are little work.
  ///
  /// What a step of an attack costs beside the arithmetic is then shared by more samples (PGD on
  /// 30-64-32-2, two threads: 1.20 times as fast with 128 samples as with 32). It is a function of
  /// the program alone, so that no result depends on the machine.
  private static func microBatch(_ program: Program) throws -> Int {
    let operations = try program.bound(batch: 1).operationCount
    let wanted = operations < 16_384 ? 128 : operations < 65_536 ? 64 : 32
    return Swift.min(program.microBatchSize, wanted)
  }

  /// The passes that all functions have made so far.
  var passes: PassCount { counter.count }

  /// As `DifferentiableClassifier.affineStem` has it, found when first asked for.
  var affineStem: AffineStem? {
    get throws {
      if let stem = functions.withLock({ $0.stem }) { return stem }
      let stem = try AffineStem(program.simplified())
      functions.withLock { $0.stem = stem }
      return stem
    }
  }

  func logits(_ inputs: Tensor) throws -> Tensor {
    try answers("logits", on: backend).inMicroBatches([inputs], of: microBatch)[0]
  }

  /// As `Classifier.verifiedLogits` has it.
  func verifiedLogits(_ inputs: Tensor, threads: Int) throws -> Tensor {
    try answers("verified logits", on: backend.verifying)
      .inMicroBatches([inputs], of: microBatch, threads: threads)[0]
  }

  private func answers(_ key: String, on backend: any Backend) throws -> ModelFunction {
    let port = Program.Port(
      name: "inputs", type: ValueType(.float32, [Shape.batch] + model.input.encodedShape))
    return try function(
      key, inputs: [port], passes: PassCount(forward: 1), on: backend
    ) { [("logits", $1($0[0]))] }
  }

  /// As `DifferentiableClassifier.function` has it.
  func function<Key: Hashable & Sendable>(
    _ key: Key, inputs: [Program.Port], passes: PassCount, on backend: (any Backend)? = nil,
    trace: ([Value], (Value) -> Value) throws -> [(name: String, value: Value)]
  ) throws -> ModelFunction {
    let key = FunctionKey(key)
    if let function = functions.withLock({ $0.byKey[key] }) { return function }
    let traced = try Program.trace(inputs) { values in
      try trace(values) { input in input.builder.inline(self.program, [input])[0] }
    }
    let function = ModelFunction(
      BatchedFunction(traced, on: backend ?? self.backend), passes: passes, counter: counter)
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
