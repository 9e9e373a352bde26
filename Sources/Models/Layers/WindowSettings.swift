import ConfigurationFiles
import Programs
import Tensors

/// What is put around the spatial axes before windows slide over them.
public enum Padding: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
  /// Symmetric amounts: one for all axes, or one each.
  case amounts([Int])
  /// So much that the result has ⌈n / stride⌉ elements; the odd one goes to the end.
  case same

  public init(integerLiteral value: Int) { self = .amounts([value]) }
}

/// The windows of a convolution or pooling layer: one number for all axes, or one each.
public struct WindowSettings: Hashable, Sendable, Codable {
  public var kernel: [Int]
  public var stride: [Int]
  public var padding: Padding
  public var dilation: [Int]

  public init(_ kernel: [Int], _ stride: [Int], _ padding: Padding, _ dilation: [Int]) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  static let keys = ["kernel", "stride", "padding", "dilation"]

  init(_ keys: ConfigurationMapping, kernel: ConfigurationNode, defaultStride: [Int]?) throws {
    self.kernel = try kernel.items.map { try $0.integer(in: 1...) }
    stride =
      try keys["stride"]?.items.map { try $0.integer(in: 1...) } ?? defaultStride ?? self.kernel
    dilation = try keys["dilation"]?.items.map { try $0.integer(in: 1...) } ?? [1]
    if let node = keys["padding"], (try? node.string()) == "same" {
      padding = .same
    } else {
      padding = .amounts(try keys["padding"]?.items.map { try $0.integer(in: 0...) } ?? [0])
    }
  }

  /// The windows over spatial axes of the given sizes.
  func windows(over spatial: [Int], in scope: LayerScope) throws -> WindowGeometry {
    let size = try scope.perAxis(kernel, count: spatial.count, "kernel sizes")
    let strides = try scope.perAxis(stride, count: spatial.count, "strides")
    let dilations = try scope.perAxis(dilation, count: spatial.count, "dilations")
    var low: [Int]
    var high: [Int]
    switch padding {
    case .amounts(let amounts):
      low = try scope.perAxis(amounts, count: spatial.count, "paddings")
      high = low
    case .same:
      let totals = spatial.indices.map { axis in
        let outputs = (spatial[axis] + strides[axis] - 1) / strides[axis]
        let covered = (outputs - 1) * strides[axis] + dilations[axis] * (size[axis] - 1) + 1
        return max(covered - spatial[axis], 0)
      }
      low = totals.map { $0 / 2 }
      high = totals.map { $0 - $0 / 2 }
    }
    return WindowGeometry(
      size: size, strides: strides, paddingLow: low, paddingHigh: high, dilations: dilations)
  }
}

extension WindowGeometry {
  /// The same windows as those of a convolution.
  func convolution(groups: Int = 1) -> ConvolutionGeometry {
    ConvolutionGeometry(
      strides: strides, paddingLow: paddingLow, paddingHigh: paddingHigh, dilations: dilations,
      groups: groups)
  }
}

extension LayerScope {
  /// The sizes of the axes after batch and channels.
  func spatialAxes(of inputs: Value) throws -> [Int] {
    guard inputs.shape.rank >= 3 else {
      throw error("expects inputs [N, channels, spatial…], got \(inputs.type)")
    }
    return Array(inputs.shape.dimensions.dropFirst(2))
  }

  /// One number for each axis, from one for all or one each.
  func perAxis(_ values: [Int], count: Int, _ what: String) throws -> [Int] {
    if values.count == count { return values }
    guard values.count == 1 else {
      throw error("expects 1 or \(count) \(what), got \(values.count)")
    }
    return Array(repeating: values[0], count: count)
  }
}
