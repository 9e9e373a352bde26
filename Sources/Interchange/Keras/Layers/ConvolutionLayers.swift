import Programs
import Tensors

/// Convolutions, depthwise and separable ones among them.
///
/// Keras' kernels are `[window…, C / groups, O]`, the primitives' `[O, C / groups, window…]`.
enum ConvolutionLayers {
  static let all: [KerasLayerKind] =
    (1...3).map { rank in .value("Conv\(rank)D") { try convolution($0, rank) } }
    + (1...2).map { rank in .value("DepthwiseConv\(rank)D") { try depthwise($0, rank) } }
    + (1...2).map { rank in .value("SeparableConv\(rank)D") { try separable($0, rank) } }

  private static func convolution(_ call: KerasCall, _ rank: Int) throws -> Value {
    let kernel = try call.weight(0, "kernel", rank: rank + 2)
    let groups = try call.configuration.sizes("groups", count: 1)[0]
    return try call.convolved(rank, bias: 1) { value, spatial in
      let geometry = try call.geometry(
        rank, window: Array(kernel.shape.dimensions.prefix(rank)), spatial: spatial,
        groups: groups)
      return value.convolved(with: kernel.kernelOutputFirst(rank), geometry)
    }
  }

  private static func depthwise(_ call: KerasCall, _ rank: Int) throws -> Value {
    let kernel = try call.weight(0, "kernel", rank: rank + 2)
    return try call.convolved(rank, bias: 1) { value, spatial in
      try call.depthwise(value, kernel, rank, spatial)
    }
  }

  private static func separable(_ call: KerasCall, _ rank: Int) throws -> Value {
    let depthwise = try call.weight(0, "depthwise kernel", rank: rank + 2)
    let pointwise = try call.weight(1, "pointwise kernel", rank: rank + 2)
    return try call.convolved(rank, bias: 2) { value, spatial in
      try call.depthwise(value, depthwise, rank, spatial)
        .convolved(
          with: pointwise.kernelOutputFirst(rank), ConvolutionGeometry(rank: rank))
    }
  }
}

extension KerasCall {
  /// A convolution of the layer's input, with the bias of this number and the activation.
  func convolved(
    _ rank: Int, bias index: Int, _ function: (Value, [Int]) throws -> Value
  ) throws -> Value {
    let bias =
      configuration.flag("use_bias", default: true) ? try weight(index, "bias", rank: 1) : nil
    let result = try spatially(rank) { value, spatial in
      let product = try function(value, spatial)
      return bias.map { product + $0.alongChannels(rank: rank + 2) } ?? product
    }
    return try activated(result)
  }

  /// Where the layer's windows lie.
  func geometry(
    _ rank: Int, window: [Int], spatial: [Int], groups: Int = 1
  ) throws -> ConvolutionGeometry {
    let strides = try configuration.sizes("strides", count: rank)
    let dilations = try configuration.sizes("dilation_rate", count: rank)
    let (low, high) = try padding(
      window: window, strides: strides, dilations: dilations, spatial: spatial)
    return ConvolutionGeometry(
      strides: strides, paddingLow: low, paddingHigh: high, dilations: dilations, groups: groups)
  }

  /// The padding of each axis by Keras' rule; "same" makes ⌈n / stride⌉ windows.
  ///
  ///     total = max((⌈n / stride⌉ − 1) stride + dilation (window − 1) + 1 − n, 0)
  ///
  /// of which the smaller half comes first; "causal" puts dilation (window − 1) before.
  func padding(
    window: [Int], strides: [Int], dilations: [Int], spatial: [Int]
  ) throws -> (low: [Int], high: [Int]) {
    let none = Array(repeating: 0, count: spatial.count)
    try require(
      window.allSatisfy { (1...KerasValue.largestInteger).contains($0) },
      "a window of \(window) is none")
    switch configuration.text("padding") ?? "valid" {
    case "valid": return (none, none)
    case "causal":
      return (spatial.indices.map { dilations[$0] * (window[$0] - 1) }, none)
    case "same":
      let totals = spatial.indices.map { axis in
        let extent = dilations[axis] * (window[axis] - 1) + 1
        let count = (spatial[axis] + strides[axis] - 1) / strides[axis]
        return max((count - 1) * strides[axis] + extent - spatial[axis], 0)
      }
      return (totals.map { $0 / 2 }, totals.map { $0 - $0 / 2 })
    case let other: throw error("the padding '\(other)' is not supported")
    }
  }

  /// Each channel convolved with its own kernels `[window…, C, multiplier]`.
  fileprivate func depthwise(
    _ value: Value, _ kernel: Value, _ rank: Int, _ spatial: [Int]
  ) throws -> Value {
    let window = Array(kernel.shape.dimensions.prefix(rank))
    let (channels, multiplier) = (kernel.shape[rank], kernel.shape[rank + 1])
    let geometry = try geometry(rank, window: window, spatial: spatial, groups: channels)
    let moved = kernel.transposed([rank, rank + 1] + Array(0..<rank))
      .reshaped(to: Shape([channels * multiplier, 1] + window))
    return value.convolved(with: moved, geometry)
  }
}

extension Value {
  /// A kernel `[window…, C, O]` as `[O, C, window…]`.
  func kernelOutputFirst(_ rank: Int) -> Value {
    transposed([rank + 1, rank] + Array(0..<rank))
  }
}
