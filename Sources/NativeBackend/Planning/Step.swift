/// A piece of work on an instance's buffers, ready to run.
typealias Kernel = () throws -> Void

/// One step of a compiled program.
protocol Step: Sendable {
  /// The buffers that the step reads, and those that it writes.
  var reads: [Int] { get }
  var writes: [Int] { get }
  /// The scratch memory that it needs while it runs.
  var scratchByteCount: Int { get }
  /// The work on one instance's memory, whose inputs and outputs may move between calls.
  func kernel(on memory: Memory) throws -> Kernel
}

extension Step {
  var scratchByteCount: Int { 0 }
}

/// A block of memory that steps read and write.
struct Buffer: Sendable {
  enum Role: Sendable {
    /// Lives in the arena from its first writer to its last reader.
    case temporary
    case input(Int)
    case output(Int)
    case constant(ConstantMemory)
  }
  var byteCount: Int
  var role: Role
}
