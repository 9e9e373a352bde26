import Programs
import Tensors

/// Convolutions; kernels are `[window…, in, out]`, values channels last or first.
enum TensorFlowConvolutions {
  static let all: [TensorFlowOperator] = [
    .value("Conv2D", lower: convolution),
    .value("Conv3D", lower: convolution),
    .value("DepthwiseConv2dNative", lower: depthwise),
    .value("Conv2DBackpropInput", lower: transposed),
    .value("Conv3DBackpropInputV2", lower: transposed),
  ]

  private static func convolution(_ call: TensorFlowCall) throws -> Value {
    let layout = try TensorFlowLayout(call, rank: call.real(0).shape.rank)
    let value = layout.channelsFirst(try call.real(0))
    let kernel = try call.kernel(1, rank: value.shape.rank)
    let (channels, perGroup) = (value.shape[1], kernel.shape[1])
    try call.require(
      perGroup > 0 && channels % perGroup == 0,
      "\(channels) channels do not divide into groups of \(perGroup)")
    let geometry = try layout.convolution(
      call, window: Array(kernel.shape.dimensions.dropFirst(2)),
      spatial: Array(value.shape.dimensions.dropFirst(2)), groups: channels / perGroup)
    return layout.restored(value.convolved(with: kernel, geometry))
  }

  /// Each channel has filters of its own: `[H, W, C, M]` makes M of each.
  private static func depthwise(_ call: TensorFlowCall) throws -> Value {
    let layout = try TensorFlowLayout(call, rank: call.real(0).shape.rank)
    let value = layout.channelsFirst(try call.real(0))
    let filters = try call.real(1)
    let window = Array(filters.shape.dimensions.prefix(2))
    try call.require(
      filters.shape.rank == 4 && filters.shape[2] == value.shape[1],
      "the filters \(filters.type) do not fit \(value.type)")
    let kernel = filters.transposed([2, 3, 0, 1])
      .reshaped(to: Shape([filters.shape[2] * filters.shape[3], 1] + window))
    let geometry = try layout.convolution(
      call, window: window, spatial: Array(value.shape.dimensions.dropFirst(2)),
      groups: value.shape[1])
    return layout.restored(value.convolved(with: kernel, geometry))
  }

  /// The gradient of a convolution in an input whose sizes are input 0.
  private static func transposed(_ call: TensorFlowCall) throws -> Value {
    let layout = try TensorFlowLayout(call, rank: call.real(2).shape.rank)
    let value = layout.channelsFirst(try call.real(2))
    let kernel = try call.kernel(1, rank: value.shape.rank)
    let sizes = try call.integers(0)
    let rank = value.shape.rank
    let spatial =
      sizes.count == rank - 2
      ? sizes : sizes.count == rank ? layout.spatialAxes.map { sizes[$0] } : []
    try call.require(spatial.count == rank - 2, "the sizes \(sizes) do not fit \(value.type)")
    let geometry = try layout.convolution(
      call, window: Array(kernel.shape.dimensions.dropFirst(2)), spatial: spatial, groups: 1)
    let result = value.builder.append(
      .convolutionInputGradient(geometry, spatial: spatial), [value, kernel])
    return layout.restored(result)
  }
}

extension TensorFlowCall {
  /// A kernel `[window…, in, out]` as `[out, in, window…]`.
  fileprivate func kernel(_ index: Int, rank: Int) throws -> Value {
    let kernel = try real(index)
    try require(kernel.shape.rank == rank, "the kernel \(kernel.type) does not fit")
    return kernel.transposed([rank - 1, rank - 2] + Array(0..<rank - 2))
  }
}
