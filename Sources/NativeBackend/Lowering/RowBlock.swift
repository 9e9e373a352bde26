import CDNNL
import Tensors

/// Some rows of a product, computed by a call of their own.
///
/// A sample's result must not depend on its place among others. oneDNN's kernel for AVX2 takes six
/// rows at a time, and one to three that are left by another order of operations, which rounds
/// differently (oneDNN 2.6: 4 or 5 rows are summed like six). Where such rows would be left, the
/// last six are computed together instead; those among them that are computed twice are the same.
struct RowBlock {
  private let start: Int
  private let count: Int

  private static let height = 6

  /// The blocks of a product with so many rows; empty where one call treats all rows alike.
  static func blocks(rows: Int) -> [RowBlock] {
    let isAffected =
      dnnl_get_effective_cpu_isa() == dnnl_cpu_isa_avx2
      || dnnl_get_effective_cpu_isa() == dnnl_cpu_isa_avx2_vnni
    guard isAffected, rows > height, (1...3).contains(rows % height) else { return [] }
    return [
      RowBlock(start: 0, count: rows - rows % height),
      RowBlock(start: rows - height, count: height),
    ]
  }

  /// The rows of a matrix that is stored row by row.
  func format(of shape: Shape) throws -> MemoryFormat {
    try MemoryFormat([count, shape[1]], strides: [shape[1], 1])
  }

  /// Where the rows begin in a matrix of float32 numbers.
  func byteOffset(in shape: Shape) -> Int { start * shape[1] * 4 }
}

/// A product in blocks of rows, one after the other.
struct RowBlockStep: Step {
  private let blocks: [LibraryStep]

  init(_ blocks: [LibraryStep]) { self.blocks = blocks }

  var reads: [Int] { blocks[0].reads }
  var writes: [Int] { blocks[0].writes }
  var scratchByteCount: Int { blocks.map(\.scratchByteCount).max() ?? 0 }

  func kernel(on memory: Memory) throws -> Kernel {
    let kernels = try blocks.map { try $0.kernel(on: memory) }
    return { for kernel in kernels { try kernel() } }
  }
}
