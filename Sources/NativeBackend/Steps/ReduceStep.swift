import CKernels
import Programs
import Tensors

/// Reduces a contiguous buffer over some of its axes.
struct ReduceStep: Step {
  let reduction: Reduction
  let elementType: ElementType
  let source: Int
  let target: Int
  let count: Int
  private let loop: StridedLoop

  /// `dimensions` are the source's in the order of memory; `isReduced` tells for each.
  init(
    _ reduction: Reduction, _ elementType: ElementType, from source: Int, to target: Int,
    dimensions: [Int], isReduced: [Bool]
  ) {
    self.reduction = reduction
    self.elementType = elementType
    self.source = source
    self.target = target
    var strides = [Int](repeating: 0, count: dimensions.count)
    var step = 1
    for axis in dimensions.indices.reversed() where !isReduced[axis] {
      strides[axis] = step
      step *= dimensions[axis]
    }
    count = step
    loop = StridedLoop(
      dimensions: dimensions, strides: [strides, Shape(dimensions).strides])
  }

  /// The types whose reductions have loops of their own.
  static func supports(_ type: ElementType) -> Bool { code(of: type) != nil }

  private static func code(of type: ElementType) -> Int32? {
    switch type {
    case .float32: Int32(ASSAY_F32)
    case .int32: Int32(ASSAY_I32)
    case .int64: Int32(ASSAY_I64)
    case .float64, .uint8, .bool: nil
    }
  }

  var reads: [Int] { [source] }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    let isScalar = loop.dimensions.isEmpty
    let dimensions = isScalar ? [1] : loop.dimensions.map { Int64($0) }
    let strides = isScalar ? [0] : loop.strides[0].map { Int64($0) }
    let function = Int32(reduction == .sum ? ASSAY_SUM : ASSAY_MAXIMUM)
    let type = Self.code(of: elementType) ?? Int32(ASSAY_F32)
    return {
      assay_reduce(
        function, type, memory[target], Int64(count), memory[source], Int64(dimensions.count),
        dimensions, strides)
    }
  }
}
