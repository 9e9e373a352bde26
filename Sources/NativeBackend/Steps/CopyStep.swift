import CKernels

/// Copies elements between strided places of two buffers.
struct CopyStep: Step {
  let source: Int
  let target: Int
  let byteCount: Int
  private let dimensions: [Int64]
  private let sourceStrides: [Int64]
  private let targetStrides: [Int64]
  private let sourceOffset: Int
  private let targetOffset: Int

  /// Strides are in the same order of axes; 0 repeats an element, negative ones run backward.
  init(
    from source: Int, offset sourceOffset: Int = 0, strides sourceStrides: [Int],
    to target: Int, offset targetOffset: Int = 0, strides targetStrides: [Int],
    dimensions: [Int], byteCount: Int
  ) {
    self.source = source
    self.target = target
    self.byteCount = byteCount
    self.sourceOffset = sourceOffset * byteCount
    self.targetOffset = targetOffset * byteCount
    // The target is written in ascending order.
    let order = dimensions.indices.sorted { targetStrides[$0] > targetStrides[$1] }
    let loop = StridedLoop(
      dimensions: order.map { dimensions[$0] },
      strides: [order.map { targetStrides[$0] }, order.map { sourceStrides[$0] }])
    self.dimensions = loop.dimensions.map { Int64($0) }
    self.targetStrides = loop.strides[0].map { Int64($0) }
    self.sourceStrides = loop.strides[1].map { Int64($0) }
  }

  var reads: [Int] { [source] }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    { copy(from: memory[source], to: memory[target]) }
  }

  /// Copies between two places in memory.
  func copy(from source: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer) {
    assay_copy(
      target + targetOffset, source + sourceOffset, Int64(byteCount), Int64(dimensions.count),
      dimensions, targetStrides, sourceStrides)
  }
}

/// Writes one value to every element of a buffer.
struct FillStep: Step {
  let target: Int
  let count: Int
  /// The bytes of the value.
  let value: [UInt8]

  var reads: [Int] { [] }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    { assay_fill(memory[target], value, Int64(value.count), Int64(count)) }
  }
}
