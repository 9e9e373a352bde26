import Programs
import Tensors

/// Means and norms of windows and of whole channels.
enum PoolingOperators {
  static let all: [ONNXOperator] =
    [
      .value("AveragePool", lower: average),
      .value("LpPool", lower: norm),
      .value("GlobalAveragePool") { call in
        let value = try call.real(0)
        return value.mean(over: try call.globalAxes(of: value), keepingDimensions: true)
      },
      .value("GlobalMaxPool") { call in
        let value = try call.real(0)
        return value.maximum(over: try call.globalAxes(of: value), keepingDimensions: true)
      },
      .value("GlobalLpPool") { call in
        let (value, order) = try (call.real(0), call.normOrder())
        let powers = value.absolutePower(order)
        return powers.sum(over: try call.globalAxes(of: value), keepingDimensions: true)
          .root(order)
      },
    ] + MaxPoolingOperators.all

  /// The sum of each window by the number of its elements, with or without the padding.
  private static func average(_ call: ONNXCall) throws -> Value {
    let value = try call.real(0)
    let spatial = try call.spatialDimensions(of: value)
    let layout = try call.windows(size: try call.kernelShape(spatial: spatial), spatial: spatial)
    let sum = value.apply(.windowSum(layout.geometry))
    let countsPadding = try call.flag("count_include_pad")
    let divisors = try spatial.indices.map { axis in
      try call.elementCounts(
        layout, axis: axis, dimension: spatial[axis], countsPadding: countsPadding)
    }
    let rank = value.shape.rank
    let count = divisors.enumerated().reduce(value.scalar(1)) { product, entry in
      let (axis, counts) = entry
      let shape = (0..<rank).map { $0 == axis + 2 ? counts.count : 1 }
      return product * value.constant(Tensor(counts, shape: Shape(shape)))
    }
    return sum / count
  }

  /// (Σ |x|ᵖ)^(1/p) of each window.
  private static func norm(_ call: ONNXCall) throws -> Value {
    let (value, order) = try (call.real(0), call.normOrder())
    let spatial = try call.spatialDimensions(of: value)
    let layout = try call.windows(size: try call.kernelShape(spatial: spatial), spatial: spatial)
    return value.absolutePower(order).apply(.windowSum(layout.geometry)).root(order)
  }
}

extension ONNXCall {
  /// The axes after batch and channels.
  fileprivate func globalAxes(of value: Value) throws -> [Int] {
    try require(value.shape.rank >= 3, "\(value.type) has no axes after the channels")
    return Array(2..<value.shape.rank)
  }

  /// The order p of a norm.
  fileprivate func normOrder() throws -> Double {
    let order = try Double(int("p", default: 2))
    try require(order >= 1, "there is no norm of order \(order)")
    return order
  }

  /// How many elements each window has along an axis, one number if all have as many.
  fileprivate func elementCounts(
    _ layout: WindowLayout, axis: Int, dimension: Int, countsPadding: Bool
  ) throws -> [Double] {
    let geometry = layout.geometry
    let (low, size) = (geometry.paddingLow[axis], geometry.size[axis])
    let first = countsPadding ? 0 : low
    let end = low + dimension + (countsPadding ? layout.statedHigh[axis] : 0)
    let (stride, dilation) = (geometry.strides[axis], geometry.dilations[axis])
    let lastEnd = (layout.count[axis] - 1) * stride + dilation * (size - 1) + 1
    if first == 0, lastEnd <= end { return [Double(size)] }
    try require(layout.count[axis] <= 1 << 20, "has too many windows along axis \(axis)")
    return (0..<layout.count[axis]).map { window in
      let start = window * stride
      let before = start >= first ? 0 : min((first - start + dilation - 1) / dilation, size)
      let within = start >= end ? 0 : min((end - start + dilation - 1) / dilation, size)
      // A window of padding alone has the sum 0, and keeps it.
      return Double(max(within - before, 1))
    }
  }
}

extension Value {
  /// The function |x|ᵖ.
  func absolutePower(_ order: Double) -> Value {
    if order == 1 { return absoluteValue() }
    return order == 2 ? self * self : absoluteValue().power(scalar(order))
  }

  /// The p-th root of a sum of powers; at 0, where it has a corner, the derivative is 0.
  func root(_ order: Double) -> Value {
    if order == 1 { return self }
    let isZero = compare(.equal, scalar(0))
    let positive = isZero.select(scalar(1), self)
    let root = order == 2 ? positive.squareRoot() : positive.power(scalar(1 / order))
    return isZero.select(scalar(0), root)
  }
}
