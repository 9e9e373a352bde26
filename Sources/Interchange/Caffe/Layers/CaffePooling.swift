import Programs
import Tensors

/// Pooling, with the rounding and the divisors of Caffe.
///
/// - Source: Caffe's src/caffe/layers/pooling_layer.cpp.
enum CaffePooling {
  static let all: [CaffeLayer] = [.value("Pooling", lower: pooling)]

  private static func pooling(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    try call.require(value.shape.rank == 4, "expects [N, C, H, W], got \(value.type)")
    let settings = call.layer.poolingParam
    let axes = try CaffePoolingAxis.both(call, value)
    switch settings.pool {
    case .max: return value.maxPooled(WindowGeometry(axes))
    case .ave: return average(value, axes)
    case .stochastic: throw call.error("STOCHASTIC pooling draws at random; use MAX or AVE")
    }
  }

  /// The sums of windows over the counts of their elements, as Caffe counts them.
  static func average(_ value: Value, _ axes: [CaffePoolingAxis]) -> Value {
    let counts = axes.map { axis in Tensor(axis.counts.map { Float($0) }) }
    let rows = counts[0].reshaped(to: [1, 1, axes[0].outputs, 1])
    let columns = counts[1].reshaped(to: [1, 1, 1, axes[1].outputs])
    let sum = value.builder.append(.windowSum(WindowGeometry(axes)), [value])
    return sum / (value.constant(rows) * value.constant(columns))
  }
}

/// The windows along one axis.
struct CaffePoolingAxis {
  let size: Int
  let kernel: Int
  let stride: Int
  let padding: Int
  /// The number of windows.
  let outputs: Int

  /// The windows over an axis of `size` elements; a last one that leaves the padded axis counts if
  /// the number of windows is rounded up.
  ///
  /// - Throws: `NodeError` if there are no such windows.
  init(
    _ call: CaffeCall, size: Int, kernel: Int, stride: Int, padding: Int, roundsUp: Bool = true
  ) throws {
    let largest = 1 << 24
    try call.require(
      (1...largest).contains(kernel) && (1...largest).contains(stride)
        && (0..<kernel).contains(padding) && size < largest,
      "windows of \(kernel) with stride \(stride) and padding \(padding) are not possible")
    let free = size + 2 * padding - kernel
    try call.require(free >= 0, "windows of \(kernel) are larger than an axis of \(size)")
    var outputs = (free + (roundsUp ? stride - 1 : 0)) / stride + 1
    // A window must not begin in the padding after the axis.
    if padding > 0, (outputs - 1) * stride >= size + padding { outputs -= 1 }
    (self.size, self.kernel, self.stride) = (size, kernel, stride)
    (self.padding, self.outputs) = (padding, outputs)
  }

  /// The axes of height and width.
  static func both(_ call: CaffeCall, _ value: Value) throws -> [CaffePoolingAxis] {
    let settings = call.layer.poolingParam
    let sizes = try [call.fixed(value, 2), call.fixed(value, 3)]
    if settings.globalPooling {
      return try sizes.map {
        try CaffePoolingAxis(call, size: $0, kernel: $0, stride: 1, padding: 0)
      }
    }
    let isPlane = settings.hasKernelH || settings.hasKernelW
    let kernels =
      isPlane
      ? [settings.kernelH, settings.kernelW] : [settings.kernelSize, settings.kernelSize]
    let strides =
      settings.hasStrideH
      ? [settings.strideH, settings.strideW] : [settings.stride, settings.stride]
    let paddings =
      settings.hasPadH || settings.hasPadW
      ? [settings.padH, settings.padW] : [settings.pad, settings.pad]
    return try [0, 1].map { axis in
      try CaffePoolingAxis(
        call, size: sizes[axis], kernel: Int(kernels[axis]), stride: Int(strides[axis]),
        padding: Int(paddings[axis]), roundsUp: settings.roundMode == .ceil)
    }
  }

  /// The padding that the last window needs after the axis.
  var paddingHigh: Int { max((outputs - 1) * stride + kernel - size - padding, 0) }

  /// The divisors of averages: a window's elements, those in the stated padding included.
  var counts: [Int] {
    (0..<outputs).map { min($0 * stride + kernel, size + 2 * padding) - $0 * stride }
  }
}

extension WindowGeometry {
  init(_ axes: [CaffePoolingAxis]) {
    self.init(
      size: axes.map(\.kernel), strides: axes.map(\.stride), paddingLow: axes.map(\.padding),
      paddingHigh: axes.map(\.paddingHigh), dilations: axes.map { _ in 1 })
  }
}
