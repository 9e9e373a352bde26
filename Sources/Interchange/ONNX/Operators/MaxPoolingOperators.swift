import Programs
import Tensors

/// Maxima of windows, and elements put back where maxima were.
enum MaxPoolingOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("MaxPool", lower: pool),
    .value("MaxUnpool", lower: unpool),
  ]

  private static func pool(_ call: ONNXCall) throws -> [Operand?] {
    let operand = try call.operand(0)
    let type = operand.value.elementType
    // Whole numbers of 8 bits are exact as real ones.
    let value = type.isFloatingPoint ? operand.value : operand.value.converted(to: .float32)
    let spatial = try call.spatialDimensions(of: value)
    let layout = try call.windows(size: try call.kernelShape(spatial: spatial), spatial: spatial)
    let maxima = value.maxPooled(layout.geometry).converted(to: type)
    guard call.isWanted(1) else { return [Operand(maxima, operand.type)] }
    let indices = value.apply(.maxPoolIndices(layout.geometry)).converted(to: .int64)
    let isColumnMajor = try call.flag("storage_order")
    let inPlane = isColumnMajor ? indices.columnMajor(spatial) : indices
    return [
      Operand(maxima, operand.type),
      Operand(inPlane + inPlane.planeNumbers() * Double(spatial.reduce(1, *))),
    ]
  }

  /// Each element at the index where it was the maximum, and 0 elsewhere.
  ///
  /// The indices are those of the tensor that the windows tile; `output_shape` may be larger.
  private static func unpool(_ call: ONNXCall) throws -> Value {
    let (value, indices) = try (call.real(0), call.input(1))
    let pooled = try call.spatialDimensions(of: value)
    let rank = pooled.count
    let size = try call.kernelShape(spatial: pooled)
    let strides = try call.steps("strides", count: rank) ?? pooled.map { _ in 1 }
    let pads =
      try call.steps("pads", count: 2 * rank, smallest: 0)
      ?? Array(repeating: 0, count: 2 * rank)
    let spatial = pooled.indices.map {
      (pooled[$0] - 1) * strides[$0] + size[$0] - pads[$0] - pads[rank + $0]
    }
    try call.require(
      spatial.allSatisfy { $0 >= 1 }, "nothing is left without the padding \(pads)")
    let count = try call.product(spatial)
    let positions = indices.converted(to: .int64)
    let places = positions.remainder(positions.scalar(Double(count))).flattened(from: 2)
    let scatter = Primitive.scatterAddElements(axis: 2, count: count)
    var sums = places.apply(scatter, value.flattened(from: 2))
    if zip(strides, size).contains(where: { $0 < $1 }) {
      // Windows that overlap may share a maximum, which is put there once.
      let ones = value.scalar(1).broadcast(to: places.shape)
      sums = sums / places.apply(scatter, ones).maximum(value.scalar(1))
    }
    let tiled = sums.reshaped(to: Shape(Array(value.shape.dimensions.prefix(2)) + spatial))
    guard let wanted = try call.optionalIntegers(2) else { return tiled }
    let high = zip(wanted, tiled.shape.dimensions).map { $0 - $1 }
    try call.require(
      wanted.count == rank + 2 && high.allSatisfy { $0 >= 0 },
      "\(tiled.type) does not fit into \(wanted)")
    return tiled.padded(low: high.map { _ in 0 }, high: high)
  }
}

extension Value {
  /// The number of each plane of `[N, C, …]` in the order of memory.
  fileprivate func planeNumbers() -> Value {
    func index(_ axis: Int) -> Value { builder.append(.iota(.int64, shape, axis: axis), []) }
    return index(0) * Double(shape[1]) + index(1)
  }

  /// Indices into row-major spatial axes as those of column-major ones.
  fileprivate func columnMajor(_ spatial: [Int]) -> Value {
    let strides = Shape(spatial).strides
    var (result, stride) = (scalar(0), 1)
    for axis in spatial.indices {
      let coordinate = (self / Double(strides[axis])).remainder(scalar(Double(spatial[axis])))
      result = result + coordinate * Double(stride)
      stride *= spatial[axis]
    }
    return result
  }
}
