import Execution
import Programs
import Tensors

/// Copies the slices of an array that indices name: embeddings, selected features.
struct GatherStep: Step {
  let source: Int
  let indices: Int
  let target: Int
  let indexType: ElementType
  let indexCount: Int
  /// The number of slices to choose from, of repetitions of that, and the bytes of a slice.
  let count: Int
  let outer: Int
  let sliceByteCount: Int

  var reads: [Int] { [source, indices] }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    {
      for position in 0..<indexCount {
        let index = try index(position, memory[indices])
        for block in 0..<outer {
          (memory[target] + (block * indexCount + position) * sliceByteCount).copyMemory(
            from: memory[source] + (block * count + index) * sliceByteCount,
            byteCount: sliceByteCount)
        }
      }
    }
  }

  private func index(_ position: Int, _ indices: UnsafeMutableRawPointer) throws -> Int {
    let index =
      indexType == .int64
      ? Int(indices.load(fromByteOffset: position * 8, as: Int64.self))
      : Int(indices.load(fromByteOffset: position * 4, as: Int32.self))
    guard (0..<count).contains(index) else {
      throw ExecutionError.indexOutOfRange(primitive: "gather", index: index, count: count)
    }
    return index
  }
}
