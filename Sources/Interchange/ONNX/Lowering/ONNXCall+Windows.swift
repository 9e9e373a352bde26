import Programs
import Tensors

/// Windows as a node states them, laid over spatial axes.
struct WindowLayout {
  /// The windows, with as much padding after an axis as the last one reaches into.
  var geometry: WindowGeometry
  /// The padding after each axis that the node itself asks for: windows that end beyond it have
  /// fewer elements.
  var statedHigh: [Int]
  /// The number of windows along each axis.
  var count: [Int]
}

extension ONNXCall {
  /// Strides, dilations, padding and sizes are smaller: arithmetic on them stays within 64 bits.
  static let largestStep = 1 << 30

  /// The dimensions of a value `[N, C, spatial…]` that windows slide over.
  func spatialDimensions(of value: Value) throws -> [Int] {
    let spatial = Array(value.shape.dimensions.dropFirst(2))
    try require(
      (1...3).contains(spatial.count),
      "windows slide over 1 to 3 axes, not over the "
        + "\(spatial.count) of \(value.type)")
    try require(
      spatial.allSatisfy { !Shape.isSymbolic($0) && $0 <= Self.largestStep },
      "windows cannot slide over the axes of \(value.type)")
    return spatial
  }

  /// A list with an entry for each spatial axis.
  func steps(_ name: String, count: Int, smallest: Int = 1) throws -> [Int]? {
    guard let steps = try optionalInts(name) else { return nil }
    try require(
      steps.count == count && steps.allSatisfy { (smallest...Self.largestStep).contains($0) },
      "the attribute '\(name)' needs \(count) numbers from \(smallest) on, got \(steps)")
    return steps
  }

  /// The size of the windows of a pool.
  func kernelShape(spatial: [Int]) throws -> [Int] {
    guard let size = try steps("kernel_shape", count: spatial.count) else {
      throw error("has no attribute 'kernel_shape'")
    }
    return size
  }

  /// The windows of a size that the node's strides, dilations and padding lay over an axis.
  ///
  ///     count = ⌊(n + low + high − extent) / stride⌋ + 1        (⌈ ⌉ with `ceil_mode`)
  ///     extent = dilation (size − 1) + 1
  ///
  /// A window which `ceil_mode` adds must begin before the padding that follows the axis.
  func windows(size: [Int], spatial: [Int]) throws -> WindowLayout {
    let rank = spatial.count
    let ones = Array(repeating: 1, count: rank)
    let strides = try steps("strides", count: rank) ?? ones
    let dilations = try steps("dilations", count: rank) ?? ones
    let extents = zip(size, dilations).map { ($0 - 1) * $1 + 1 }
    let (low, high) = try padding(extents: extents, strides: strides, spatial: spatial)
    let roundsUp = try flag("ceil_mode")
    let count = try spatial.indices.map { axis in
      let (dimension, stride) = (spatial[axis], strides[axis])
      let room = dimension + low[axis] + high[axis] - extents[axis]
      try require(
        room >= 0, "a window of \(size) with the padding \(low), \(high) does not fit \(spatial)")
      let count = (roundsUp ? room + stride - 1 : room) / stride + 1
      return roundsUp && (count - 1) * stride >= dimension + low[axis] ? count - 1 : count
    }
    let reached = spatial.indices.map { axis in
      let end = (count[axis] - 1) * strides[axis] + extents[axis]
      return max(end - spatial[axis] - low[axis], 0)
    }
    return WindowLayout(
      geometry: WindowGeometry(
        size: size, strides: strides, paddingLow: low, paddingHigh: reached,
        dilations: dilations),
      statedHigh: high, count: count)
  }

  /// The padding before and after each axis.
  private func padding(
    extents: [Int], strides: [Int], spatial: [Int]
  ) throws -> (low: [Int], high: [Int]) {
    let rank = spatial.count
    let zeros = Array(repeating: 0, count: rank)
    switch try string("auto_pad", default: "NOTSET") {
    case "NOTSET":
      let pads = try steps("pads", count: 2 * rank, smallest: 0) ?? zeros + zeros
      return (Array(pads[..<rank]), Array(pads[rank...]))
    case "VALID": return (zeros, zeros)
    case "SAME_UPPER":
      let total = samePadding(extents: extents, strides: strides, spatial: spatial)
      return (total.map { $0 / 2 }, total.map { $0 - $0 / 2 })
    case "SAME_LOWER":
      let total = samePadding(extents: extents, strides: strides, spatial: spatial)
      return (total.map { $0 - $0 / 2 }, total.map { $0 / 2 })
    case let other: throw error("the attribute 'auto_pad' is '\(other)', which is unknown")
    }
  }

  /// The padding with which there are ⌈n / stride⌉ windows.
  private func samePadding(extents: [Int], strides: [Int], spatial: [Int]) -> [Int] {
    spatial.indices.map { axis in
      let count = (spatial[axis] + strides[axis] - 1) / strides[axis]
      return max((count - 1) * strides[axis] + extents[axis] - spatial[axis], 0)
    }
  }
}
