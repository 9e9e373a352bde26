import CDNNL
import CKernels
import Programs
import Tensors

extension Lowering {
  /// Whether the input has so few channels that a product and a scatter are faster.
  ///
  /// oneDNN's backward pass vectorises over input channels: 8 GFLOP/s for one channel and 20 for
  /// three, where the product runs at 90 (5x5 kernel to 32 channels, 3x3 kernel to 64; Zen 4).
  func usesColumns(_ equation: Equation, _ geometry: ConvolutionGeometry) -> Bool {
    geometry.groups == 1 && equation.type.shape[1] <= 4 && equation.type.shape.rank <= 5
  }

  /// Emits, for each sample, columns = kernelᵀ dy and their sum over the windows' elements.
  mutating func lowerInputGradientByColumns(
    _ value: Int, _ equation: Equation, _ geometry: ConvolutionGeometry
  ) throws {
    let (gradient, kernel) = (equation.operands[0], equation.operands[1])
    let kernelShape = type(kernel).shape
    let outputs = kernelShape[0]
    let taps = kernelShape.dimensions.dropFirst().reduce(1, *)
    let windows = type(gradient).shape.dimensions.dropFirst(2).reduce(1, *)
    let left = try MemoryFormat([taps, outputs], strides: [1, taps])
    let right = try MemoryFormat([outputs, windows], strides: [1, outputs])
    let columns = try MemoryFormat([taps, windows], strides: [windows, 1])
    let product = try LibraryPrimitive.product(left, right, columns, on: engine)
    let kernelBuffer = try buffer(of: kernel, in: .plain)
    let gradientBuffer = try buffer(of: gradient, in: .channelsLast)
    let size = Array(kernelShape.dimensions.dropFirst(2))
    let step = try LibraryStep(
      "convolution input gradient", product,
      reading: [
        Argument(index: Int32(DNNL_ARG_SRC), format: left, buffer: 0),
        Argument(index: Int32(DNNL_ARG_WEIGHTS), format: right, buffer: 1),
      ],
      writing: [Argument(index: Int32(DNNL_ARG_DST), format: columns, buffer: 2)])
    emit(
      ColumnGradientStep(
        windows: assay_windows(geometry.windows(size: size), input: equation.type.shape),
        product: step, gradientStride: outputs * windows,
        columnByteCount: taps * windows * 4, kernel: kernelBuffer, gradient: gradientBuffer,
        target: define(value, in: .plain)))
  }
}
