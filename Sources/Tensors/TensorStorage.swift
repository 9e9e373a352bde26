/// A block of memory aligned for vector instructions, owned by the tensors that share it.
///
/// `@unchecked Sendable`: it is written only while one tensor holds the sole reference to it.
package final class TensorStorage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int

  /// Allocates zeroed memory.
  package init(byteCount: Int) {
    self.byteCount = byteCount
    pointer = .allocate(byteCount: Swift.max(byteCount, 64), alignment: 64)
    pointer.initializeMemory(as: UInt8.self, repeating: 0, count: Swift.max(byteCount, 64))
  }

  /// Allocates memory that the caller writes before it is read.
  package init(uninitializedByteCount byteCount: Int) {
    self.byteCount = byteCount
    pointer = .allocate(byteCount: Swift.max(byteCount, 64), alignment: 64)
  }

  package init(copying other: TensorStorage) {
    byteCount = other.byteCount
    pointer = .allocate(byteCount: Swift.max(byteCount, 64), alignment: 64)
    pointer.copyMemory(from: other.pointer, byteCount: Swift.max(byteCount, 64))
  }

  deinit { pointer.deallocate() }
}
