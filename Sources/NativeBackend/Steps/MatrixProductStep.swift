import CKernels

/// A product of two matrices, and a bias: `[rows, depth]` times `[depth, columns]`.
struct MatrixProductStep: Step {
  let left: Int
  let right: Int
  let bias: Int?
  let target: Int
  let rows: Int
  let depth: Int
  let columns: Int
  /// Whether a matrix is stored as its transpose.
  let isLeftTransposed: Bool
  let isRightTransposed: Bool

  var reads: [Int] { [left, right] + [bias].compactMap(\.self) }
  var writes: [Int] { [target] }
  var scratchByteCount: Int {
    4 * Int(assay_matrix_scratch_count(Int64(rows), Int64(depth), Int64(columns)))
  }

  func kernel(on memory: Memory) -> Kernel {
    {
      var first = matrix(memory.floats(left), rows, depth, isTransposed: isLeftTransposed)
      var second = matrix(memory.floats(right), depth, columns, isTransposed: isRightTransposed)
      assay_matrix_product(
        memory.floats(target), &first, &second, bias.map { memory.floats($0) }, Int64(rows),
        Int64(depth), Int64(columns), memory.scratch.assumingMemoryBound(to: Float.self))
    }
  }

  private func matrix(
    _ first: UnsafePointer<Float>, _ rows: Int, _ columns: Int, isTransposed: Bool
  ) -> assay_matrix {
    assay_matrix(
      first: first, row: isTransposed ? 1 : Int64(columns),
      column: isTransposed ? Int64(rows) : 1)
  }
}
