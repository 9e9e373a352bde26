import Tensors

extension Value {
  /// The matrix product over the last two axes; leading axes broadcast, vectors are not promoted.
  public func matrixMultiplied(
    by other: Value, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Value {
    guard shape.rank >= 2, other.shape.rank >= 2 else {
      builder.fail("matrixMultiply", [self, other], "expects matrices")
      return self
    }
    let product = Primitive.matrixMultiply(
      transposeLeft: transposeLeft, transposeRight: transposeRight)
    if other.shape.rank == 2, shape.rank > 2, !transposeLeft {
      // One matrix for all samples: their rows form one tall matrix.
      let rows = shape.dimensions.dropLast().reduce(1, *)
      let result = reshaped(to: [rows, shape[shape.rank - 1]]).apply(product, other)
      return result.reshaped(
        to: Shape(Array(shape.dimensions.dropLast()) + [result.shape[1]]))
    }
    let leading = Shape(shape.dimensions.dropLast(2))
    let otherLeading = Shape(other.shape.dimensions.dropLast(2))
    guard let common = leading.broadcast(with: otherLeading) else {
      builder.fail("matrixMultiply", [self, other], "the leading axes do not broadcast")
      return self
    }
    return broadcast(to: common + Shape(shape.dimensions.suffix(2))).apply(
      product, other.broadcast(to: common + Shape(other.shape.dimensions.suffix(2))))
  }

  /// x Wᵀ + b for `[…, in]` with a weight `[out, in]` and a bias `[out]`.
  public func linear(weight: Value, bias: Value? = nil) -> Value {
    let product = matrixMultiplied(by: weight, transposeRight: true)
    return bias.map { product + $0 } ?? product
  }

  /// The convolution of `[N, C, spatial…]` with a kernel `[O, C / groups, window…]`.
  public func convolved(
    with kernel: Value, _ geometry: ConvolutionGeometry, bias: Value? = nil
  ) -> Value {
    let product = apply(.convolution(geometry), kernel)
    return bias.map { product + $0.alongChannels(rank: product.shape.rank) } ?? product
  }

  /// The transposed convolution with a kernel `[C, O / groups, window…]`.
  ///
  /// The result has (n − 1) stride + dilation (window − 1) + 1 − pads + `outputPadding` elements.
  public func convolvedTransposed(
    with kernel: Value, _ geometry: ConvolutionGeometry, outputPadding: [Int],
    bias: Value? = nil
  ) -> Value {
    guard shape.rank >= 3, kernel.shape.rank == shape.rank,
      outputPadding.count == shape.rank - 2, geometry.strides.count == shape.rank - 2
    else {
      builder.fail("convolutionTransposed", [self, kernel], "expects settings for each axis")
      return self
    }
    let spatial = outputPadding.indices.map { axis in
      (shape[axis + 2] - 1) * geometry.strides[axis]
        + geometry.dilations[axis] * (kernel.shape[axis + 2] - 1) + 1
        - geometry.paddingLow[axis] - geometry.paddingHigh[axis] + outputPadding[axis]
    }
    let product = apply(.convolutionInputGradient(geometry, spatial: spatial), kernel)
    return bias.map { product + $0.alongChannels(rank: product.shape.rank) } ?? product
  }

  /// A vector of channels as `[C, 1, …]`, to broadcast over `[N, C, spatial…]`.
  public func alongChannels(rank: Int) -> Value {
    reshaped(to: Shape([shape.count] + Array(repeating: 1, count: Swift.max(rank - 2, 0))))
  }

  public func maxPooled(_ windows: WindowGeometry) -> Value { apply(.maxPool(windows)) }

  /// The mean of each window; padding counts as zeros or is left out of the count.
  public func averagePooled(_ windows: WindowGeometry, countsPadding: Bool) -> Value {
    let sum = apply(.windowSum(windows))
    if countsPadding { return sum / Double(windows.size.reduce(1, *)) }
    let spatial = Array(shape.dimensions.dropFirst(2))
    let ones = builder.constant(
      Tensor(repeating: 1, shape: Shape([1, 1] + spatial), elementType: elementType))
    return sum / ones.apply(.windowSum(windows))
  }

  /// The number of elements along axes as a floating-point scalar; known once N is bound.
  public func elementCount(over axes: [Int]) -> Value {
    guard axes.allSatisfy((0..<shape.rank).contains) else {
      builder.fail("elementCount", [self], "axes \(axes) do not exist")
      return scalar(1)
    }
    let count = axes.reduce(1) { $0 * shape[$1] }
    guard Shape.isSymbolic(count) else { return scalar(Double(count)) }
    return builder.append(.dimension(count), []).converted(to: elementType)
  }

  public func mean(over axes: [Int], keepingDimensions: Bool = false) -> Value {
    sum(over: axes, keepingDimensions: keepingDimensions) / elementCount(over: axes)
  }

  /// The mean squared distance from the mean (divided by the count).
  public func variance(over axes: [Int], keepingDimensions: Bool = false) -> Value {
    let centred = self - mean(over: axes, keepingDimensions: true)
    return (centred * centred).mean(over: axes, keepingDimensions: keepingDimensions)
  }

  /// eˣ / Σ eˣ, shifted by the maximum so that it cannot overflow.
  public func softmax(axis: Int) -> Value {
    let shifted = self - maximum(over: [axis], keepingDimensions: true).stoppingGradient()
    let exponentials = shifted.exponential()
    return exponentials / exponentials.sum(over: [axis], keepingDimensions: true)
  }

  /// The logarithm of `softmax`, x − log Σ eˣ.
  public func logSoftmax(axis: Int) -> Value {
    self - logSumExponential(axis: axis, keepingDimensions: true)
  }

  /// log Σ eˣ, shifted by the maximum so that it cannot overflow.
  public func logSumExponential(axis: Int, keepingDimensions: Bool = false) -> Value {
    let largest = maximum(over: [axis], keepingDimensions: true).stoppingGradient()
    let sum = (self - largest).exponential().sum(over: [axis], keepingDimensions: true)
    let result = sum.logarithm() + largest
    return keepingDimensions
      ? result : result.reshaped(to: shape.reduced(over: [axis], keepingDimensions: false))
  }

  /// (x − mean) / √(variance + ε) over the given axes.
  public func normalized(over axes: [Int], epsilon: Double) -> Value {
    let centred = self - mean(over: axes, keepingDimensions: true)
    let variance = (centred * centred).mean(over: axes, keepingDimensions: true)
    return centred / (variance + epsilon).squareRoot()
  }
}
