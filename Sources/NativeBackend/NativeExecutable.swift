import Execution
import Programs
import Synchronization
import Tensors

/// A compiled program with the instances that concurrent calls have needed so far.
final class NativeExecutable: Executable {
  private let plan: Plan
  private let idle = Mutex<[Instance]>([])

  init(_ plan: Plan) { self.plan = plan }

  func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
    try plan.program.check(inputs)
    SingleThread.adopt()
    let instance = try idle.withLock { $0.popLast() } ?? Instance(plan)
    defer { idle.withLock { $0.append(instance) } }
    return try instance.run(inputs)
  }
}

/// The memory and the kernels of one call at a time.
///
/// `@unchecked Sendable`: the executable hands it to one thread at a time.
private final class Instance: @unchecked Sendable {
  private let plan: Plan
  private let memory: Memory
  private let kernels: [Kernel]
  /// For each output the memory of the last two calls, used again once the caller has dropped it.
  ///
  /// Fresh memory costs a page fault for every 4 KiB; two, since a loop's results are often the
  /// next call's inputs.
  private var spare: [[TensorStorage]]

  init(_ plan: Plan) throws {
    self.plan = plan
    spare = plan.outputs.map { _ in [] }
    let memory = Memory(plan)
    self.memory = memory
    kernels = try plan.steps.map { try $0.kernel(on: memory) }
  }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    for (buffer, tensor) in zip(plan.inputs, inputs) {
      memory.place(buffer, at: tensor.storage.pointer)
    }
    let outputs = plan.program.outputTypes.enumerated().map { index, type in
      Tensor(
        storage: storage(output: index, byteCount: type.byteCount), shape: type.shape,
        elementType: type.elementType)
    }
    for (buffer, tensor) in zip(plan.outputs, outputs) {
      memory.place(buffer, at: tensor.storage.pointer)
    }
    try withExtendedLifetime(inputs) {
      for kernel in kernels { try kernel() }
    }
    return outputs
  }
  private func storage(output: Int, byteCount: Int) -> TensorStorage {
    for index in spare[output].indices where isKnownUniquelyReferenced(&spare[output][index]) {
      return spare[output][index]
    }
    let storage = TensorStorage(uninitializedByteCount: byteCount)
    if spare[output].count == 2 { spare[output].removeFirst() }
    spare[output].append(storage)
    return storage
  }
}
