import Tensors

/// Memory that is written when a program is compiled and only read afterwards.
///
/// `@unchecked Sendable`: nothing writes to it once the plan that holds it is complete.
final class ConstantMemory: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  var byteCount: Int { storage.byteCount }
  let storage: TensorStorage

  /// The memory as float32 numbers.
  var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }

  init(_ tensor: Tensor) {
    storage = tensor.storage
    pointer = storage.pointer
  }

  init(byteCount: Int) {
    storage = TensorStorage(byteCount: byteCount)
    pointer = storage.pointer
  }
}

/// The memory of one instance of a program: an arena, scratch, and where each buffer lies.
///
/// Used by one thread at a time.
final class Memory {
  private let table: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let arena: TensorStorage
  /// Memory that a step may use while it runs.
  let scratch: UnsafeMutableRawPointer

  /// Memory for buffers that the caller places.
  init(bufferCount: Int, arenaByteCount: Int = 0, scratchByteCount: Int) {
    arena = TensorStorage(byteCount: arenaByteCount + scratchByteCount)
    scratch = arena.pointer + arenaByteCount
    table = .allocate(capacity: max(bufferCount, 1))
    table.initialize(repeating: nil, count: max(bufferCount, 1))
  }

  /// Buffers that the caller places, with scratch memory of the caller's.
  init(bufferCount: Int, scratch: UnsafeMutableRawPointer) {
    arena = TensorStorage(byteCount: 0)
    self.scratch = scratch
    table = .allocate(capacity: max(bufferCount, 1))
    table.initialize(repeating: nil, count: max(bufferCount, 1))
  }

  convenience init(_ plan: Plan) {
    self.init(
      bufferCount: plan.buffers.count, arenaByteCount: plan.arenaByteCount,
      scratchByteCount: plan.scratchByteCount)
    for (index, buffer) in plan.buffers.enumerated() {
      switch buffer.role {
      case .temporary: place(index, at: arena.pointer + plan.offsets[index])
      case .constant(let constant): place(index, at: constant.pointer)
      case .input, .output: break
      }
    }
  }

  deinit { table.deallocate() }

  /// Where each buffer lies, for C.
  var pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?> { table }

  subscript(buffer: Int) -> UnsafeMutableRawPointer {
    guard let pointer = table[buffer] else {
      preconditionFailure("buffer \(buffer) is used before the call's tensors are known")
    }
    return pointer
  }

  func place(_ buffer: Int, at pointer: UnsafeMutableRawPointer) { table[buffer] = pointer }
}
