import CKernels

/// Rows times packed weights, and a bias: `[rows, depth]` to `[rows, columns]`.
struct PackedProductStep: Step {
  let left: Int
  let weights: Int
  let bias: Int?
  let target: Int
  let rows: Int
  let depth: Int
  let columns: Int

  var reads: [Int] { [left, weights] + [bias].compactMap(\.self) }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    {
      assay_product(
        memory.floats(target), memory.floats(left), memory.floats(weights),
        bias.map { memory.floats($0) },
        Int64(rows), Int64(depth), Int64(columns))
    }
  }
}

extension Memory {
  /// A buffer of float32 numbers.
  func floats(_ buffer: Int) -> UnsafeMutablePointer<Float> {
    self[buffer].assumingMemoryBound(to: Float.self)
  }
}
