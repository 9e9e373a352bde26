public import Tensors

/// The operations that programs are made of; each equation applies one.
///
/// Operands agree in element type and, unless said otherwise, in shape: broadcasting is explicit.
/// Every reading of a program (types, execution, derivatives, bounds) is a switch over these cases.
public enum Primitive: Hashable, Sendable, Codable {
  // MARK: Sources

  /// A tensor known when the program is built.
  case constant(Tensor)
  /// A dimension as an int64 scalar: the way to the batch size, which is bound late.
  case dimension(Int)
  /// Indices 0, 1, … along one axis of a shape.
  case iota(ElementType, Shape, axis: Int)
  /// Float32 numbers uniform in [0, 1) from Philox, keyed by an int64 vector (key, counter): the
  /// upper 24 bits of each word; `ReferenceBackend` states the order.
  case randomUniform(Shape)

  // MARK: Elementwise

  case unary(UnaryFunction)
  case binary(BinaryFunction)
  /// A bool per element.
  case compare(Comparison)
  /// Operands (condition, then, else): the second where the bool is true, else the third.
  case select
  case convert(ElementType)
  /// The operand itself, a constant to every derivative.
  case stopGradient

  // MARK: Shapes

  /// Operand axis i becomes result axis `axes[i]` (ascending); dimensions of 1 repeat.
  case broadcast(Shape, axes: [Int])
  case reshape(Shape)
  /// Result axis i is operand axis `permutation[i]`.
  case transpose([Int])
  /// Elements `starts[i]`, `starts[i] + strides[i]`, … below `limits[i]` of each axis.
  case slice(starts: [Int], limits: [Int], strides: [Int])
  /// `value` before, after and between the elements of each axis; counts are not negative.
  case pad(low: [Int], high: [Int], interior: [Int], value: Double)
  case concatenate(axis: Int)
  case reverse(axes: [Int])

  // MARK: Indexing (indices are int64 or int32 and lie in range)

  /// Operands (x, indices): x with the axis replaced by the axes of the indices.
  case gather(axis: Int)
  /// Operands (indices, updates): the transpose of `gather` from an axis of `count` elements.
  case scatterAdd(axis: Int, count: Int)
  /// Operands (x, indices) of equal rank: `result[…, i, …] = x[…, indices[…, i, …], …]`.
  case gatherElements(axis: Int)
  /// Operands (indices, updates) of equal shape: the transpose of `gatherElements`.
  case scatterAddElements(axis: Int, count: Int)
  /// The int64 index of the first largest element (NaN is largest) along an axis, which is removed.
  case argMax(axis: Int)
  /// The int64 indices that sort an axis, stable; NaN comes last either way.
  case argSort(axis: Int, descending: Bool)

  // MARK: Reductions

  /// Sums or maxima over axes, which are removed.
  case reduce(Reduction, axes: [Int])
  case cumulativeSum(axis: Int, exclusive: Bool, reverse: Bool)

  // MARK: Products

  /// Operands `[…, M, K]` and `[…, K, N]` (either stored transposed): `[…, M, N]`.
  case matrixMultiply(transposeLeft: Bool, transposeRight: Bool)
  /// Operands x `[N, C, spatial…]`, kernel `[O, C / groups, window…]`: `[N, O, spatial…]`.
  case convolution(ConvolutionGeometry)
  /// Operands (dy, kernel): the gradient of a convolution in its input; transposed convolution.
  case convolutionInputGradient(ConvolutionGeometry, spatial: [Int])
  /// Operands (x, dy): the gradient of a convolution in its kernel.
  case convolutionKernelGradient(ConvolutionGeometry, window: [Int])

  // MARK: Windows over `[N, C, spatial…]`

  /// The maximum of each window's elements, padding left out; NaN if any is.
  case maxPool(WindowGeometry)
  /// The int32 index, in the flattened spatial axes, of the first largest element of each window.
  case maxPoolIndices(WindowGeometry)
  /// The sum of each window; padding counts as 0.
  case windowSum(WindowGeometry)
  /// The gradient of `windowSum`, whose input had these spatial dimensions.
  case windowSumGradient(WindowGeometry, spatial: [Int])
}

/// A function of one element.
public enum UnaryFunction: String, Hashable, Sendable, Codable, CaseIterable {
  case negate, absoluteValue, sign
  case exponential, logarithm
  /// log(1 + x), exact near 0.
  case logarithmOnePlus
  case squareRoot, sine, cosine, arctangent, hyperbolicTangent
  /// 1 / (1 + e⁻ˣ)
  case logistic
  case errorFunction
  case floor, ceiling
  /// To the nearest integer, halves to the even one.
  case round
  /// max(x, 0), with derivative 0 at 0.
  case relu
  /// Logical negation of bools.
  case not
}

/// A function of two elements; integers wrap around, divide toward zero, and x / 0 is 0.
public enum BinaryFunction: String, Hashable, Sendable, Codable, CaseIterable {
  case add, subtract, multiply, divide, power
  /// NaN if either operand is.
  case maximum, minimum
  /// a − b ⌊a / b⌋: the sign of the divisor.
  case remainder
  /// Of bools.
  case and, or
}

/// A relation of two elements.
public enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
  case equal, less, lessOrEqual
}

/// How elements are combined along axes.
public enum Reduction: String, Hashable, Sendable, Codable, CaseIterable {
  case sum, maximum
}

/// Where the windows of a convolution lie; each list has an entry per spatial axis.
public struct ConvolutionGeometry: Hashable, Sendable, Codable {
  public var strides: [Int]
  public var paddingLow: [Int]
  public var paddingHigh: [Int]
  /// The distance of neighbouring kernel taps: 1 for a dense kernel.
  public var dilations: [Int]
  public var groups: Int

  public init(
    strides: [Int], paddingLow: [Int], paddingHigh: [Int], dilations: [Int], groups: Int = 1
  ) {
    self.strides = strides
    self.paddingLow = paddingLow
    self.paddingHigh = paddingHigh
    self.dilations = dilations
    self.groups = groups
  }

  /// Equal strides and symmetric padding along `rank` spatial axes.
  public init(rank: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
    strides = Array(repeating: stride, count: rank)
    paddingLow = Array(repeating: padding, count: rank)
    paddingHigh = paddingLow
    dilations = Array(repeating: dilation, count: rank)
    self.groups = groups
  }

  /// The windows that a kernel of this size passes over.
  public func windows(size: [Int]) -> WindowGeometry {
    WindowGeometry(
      size: size, strides: strides, paddingLow: paddingLow, paddingHigh: paddingHigh,
      dilations: dilations)
  }
}

/// Windows that slide over spatial axes; each list has an entry per axis.
public struct WindowGeometry: Hashable, Sendable, Codable {
  public var size: [Int]
  public var strides: [Int]
  public var paddingLow: [Int]
  public var paddingHigh: [Int]
  public var dilations: [Int]

  public init(
    size: [Int], strides: [Int], paddingLow: [Int], paddingHigh: [Int], dilations: [Int]
  ) {
    self.size = size
    self.strides = strides
    self.paddingLow = paddingLow
    self.paddingHigh = paddingHigh
    self.dilations = dilations
  }

  /// Square windows with symmetric padding; the stride is the size unless given.
  public init(rank: Int, size: Int, stride: Int? = nil, padding: Int = 0) {
    self.size = Array(repeating: size, count: rank)
    strides = Array(repeating: stride ?? size, count: rank)
    paddingLow = Array(repeating: padding, count: rank)
    paddingHigh = paddingLow
    dilations = Array(repeating: 1, count: rank)
  }

  /// The number of windows along each axis: ⌊(n + pads − dilation (size − 1) − 1) / stride⌋ + 1.
  public func outputDimensions(for spatial: [Int]) -> [Int] {
    spatial.indices.map { axis in
      let padded = spatial[axis] + paddingLow[axis] + paddingHigh[axis]
      let extent = dilations[axis] * (size[axis] - 1) + 1
      return padded < extent ? 0 : (padded - extent) / strides[axis] + 1
    }
  }
}
