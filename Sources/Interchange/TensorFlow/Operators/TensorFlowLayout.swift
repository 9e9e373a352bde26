import Programs
import Tensors

/// Where the channels of an operator's values are, and how its windows lie.
struct TensorFlowLayout {
  private let rank: Int
  private let isFirst: Bool

  init(_ call: TensorFlowCall, rank: Int) throws {
    let format = call.string("data_format", default: rank == 5 ? "NDHWC" : "NHWC")
    try call.require(
      ["NHWC", "NCHW", "NDHWC", "NCDHW"].contains(format),
      "the data format \(format) is not supported")
    try call.require(
      rank >= 4 && format.count == rank, "a value of rank \(rank) is not of format \(format)")
    self.rank = rank
    isFirst = format.hasPrefix("NC")
  }

  var spatialAxes: Range<Int> { isFirst ? 2..<rank : 1..<rank - 1 }

  /// A value as the primitives want it, `[N, C, spatial…]`.
  func channelsFirst(_ value: Value) -> Value {
    isFirst ? value : value.transposed([0, rank - 1] + Array(1..<rank - 1))
  }

  /// A value of the primitives in the operator's own order of axes.
  func restored(_ value: Value) -> Value {
    isFirst ? value : value.transposed([0] + Array(2..<rank) + [1])
  }

  /// An attribute with a number for each axis, for the spatial ones.
  func sizes(_ call: TensorFlowCall, _ name: String) throws -> [Int] {
    let all = call.ints(name)
    if all.isEmpty { return spatialAxes.map { _ in 1 } }
    try call.require(all.count == rank, "\(name) has \(all.count) numbers, expected \(rank)")
    let outer = all.indices.filter { !spatialAxes.contains($0) }.map { all[$0] }
    try call.require(
      outer.allSatisfy { $0 == 1 }, "\(name) must be 1 for samples and channels, got \(all)")
    let result = spatialAxes.map { all[$0] }
    try call.require(
      result.allSatisfy { (1...1 << 20).contains($0) }, "\(name) is \(all), which is not possible")
    return result
  }

  func convolution(
    _ call: TensorFlowCall, window: [Int], spatial: [Int], groups: Int
  ) throws -> ConvolutionGeometry {
    let windows = try self.windows(
      call, size: window, spatial: spatial, dilations: sizes(call, "dilations"))
    return ConvolutionGeometry(
      strides: windows.strides, paddingLow: windows.paddingLow, paddingHigh: windows.paddingHigh,
      dilations: windows.dilations, groups: groups)
  }

  /// Windows with the padding of the operator.
  ///
  ///     SAME: ⌈n / stride⌉ windows, the padding halved, what is odd at the end
  func windows(
    _ call: TensorFlowCall, size: [Int], spatial: [Int], dilations: [Int]? = nil
  ) throws -> WindowGeometry {
    let strides = try sizes(call, "strides")
    let dilations = dilations ?? size.map { _ in 1 }
    try call.require(
      spatial.allSatisfy { (0..<1 << 30).contains($0) }
        && size.allSatisfy { (1...1 << 20).contains($0) },
      "the sizes of images must be fixed, got \(Shape(spatial).symbolicDescription)")
    let (low, high): ([Int], [Int])
    switch call.string("padding", default: "VALID") {
    case "VALID": (low, high) = (size.map { _ in 0 }, size.map { _ in 0 })
    case "SAME":
      let total = size.indices.map { axis in
        let outputs = (spatial[axis] + strides[axis] - 1) / strides[axis]
        let extent = dilations[axis] * (size[axis] - 1) + 1
        return max((outputs - 1) * strides[axis] + extent - spatial[axis], 0)
      }
      (low, high) = (total.map { $0 / 2 }, total.map { $0 - $0 / 2 })
    case "EXPLICIT":
      let all = call.ints("explicit_paddings")
      try call.require(
        all.count == 2 * rank && all.allSatisfy { (0...1 << 20).contains($0) },
        "explicit_paddings is \(all), which is not possible")
      (low, high) = (spatialAxes.map { all[2 * $0] }, spatialAxes.map { all[2 * $0 + 1] })
    case let other: throw call.error("the padding \(other) is not supported")
    }
    return WindowGeometry(
      size: size, strides: strides, paddingLow: low, paddingHigh: high, dilations: dilations)
  }
}
