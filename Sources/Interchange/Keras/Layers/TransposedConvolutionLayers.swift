import Programs
import Tensors

/// Transposed convolutions: the gradient of a convolution in its input.
///
/// Keras' kernels are `[window…, O, C]`, those of the convolution whose gradient it is.
enum TransposedConvolutionLayers {
  static let all: [KerasLayerKind] = (1...3).map { rank in
    .value("Conv\(rank)DTranspose") { try transposed($0, rank) }
  }

  private static func transposed(_ call: KerasCall, _ rank: Int) throws -> Value {
    let kernel = try call.weight(0, "kernel", rank: rank + 2)
    let window = Array(kernel.shape.dimensions.prefix(rank))
    return try call.convolved(rank, bias: 1) { value, spatial in
      let (geometry, result) = try call.transposedGeometry(rank, window, spatial)
      return value.builder.append(
        .convolutionInputGradient(geometry, spatial: result),
        [value, kernel.kernelOutputFirst(rank)])
    }
  }
}

extension KerasCall {
  /// Where the windows lie in the result, and its size.
  ///
  ///     size = n stride                                     padding "same"
  ///     size = n stride + max(extent − stride, 0)           padding "valid"
  ///     size = (n − 1) stride + extent − 2 p + output       with `output_padding`; p is
  ///                                                         ⌊extent / 2⌋ for "same", else 0
  ///
  /// with extent = dilation (window − 1) + 1. The result is what a convolution with that padding
  /// would have started from.
  fileprivate func transposedGeometry(
    _ rank: Int, _ window: [Int], _ spatial: [Int]
  ) throws -> (ConvolutionGeometry, [Int]) {
    let strides = try configuration.sizes("strides", count: rank)
    let dilations = try configuration.sizes("dilation_rate", count: rank)
    let outputPadding = try configuration.integers("output_padding")
    let isSame = configuration.text("padding") == "same"
    try require(
      window.allSatisfy { (1...KerasValue.largestInteger).contains($0) },
      "a window of \(window) is none")
    try require(
      outputPadding.map { $0.count == rank || $0.count == 1 } ?? true,
      "'output_padding' does not state a number for each axis")
    let extents = window.indices.map { dilations[$0] * (window[$0] - 1) + 1 }
    let sizes = spatial.indices.map { axis in
      let (count, stride, extent) = (spatial[axis], strides[axis], extents[axis])
      guard let output = outputPadding.map({ $0.count == 1 ? $0[0] : $0[axis] }) else {
        return count * stride + (isSame ? 0 : max(extent - stride, 0))
      }
      return (count - 1) * stride + extent - (isSame ? extent / 2 * 2 : 0) + output
    }
    let totals = spatial.indices.map { axis in
      isSame ? max((spatial[axis] - 1) * strides[axis] + extents[axis] - sizes[axis], 0) : 0
    }
    let geometry = ConvolutionGeometry(
      strides: strides, paddingLow: totals.map { $0 / 2 },
      paddingHigh: totals.map { $0 - $0 / 2 }, dilations: dilations)
    return (geometry, sizes)
  }
}
