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

  init(_ plan: Plan) throws {
    self.plan = plan
    let memory = Memory(plan)
    self.memory = memory
    kernels = try plan.steps.map { try $0.kernel(on: memory) }
  }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    for (buffer, tensor) in zip(plan.inputs, inputs) {
      memory.place(buffer, at: tensor.storage.pointer)
    }
    let outputs = plan.program.outputTypes.map {
      Tensor(
        storage: TensorStorage(uninitializedByteCount: $0.byteCount), shape: $0.shape,
        elementType: $0.elementType)
    }
    for (buffer, tensor) in zip(plan.outputs, outputs) {
      memory.place(buffer, at: tensor.storage.pointer)
    }
    try withExtendedLifetime(inputs) {
      for kernel in kernels { try kernel() }
    }
    return outputs
  }
}
