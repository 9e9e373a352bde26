import CDNNL
import Programs
import Tensors

extension Lowering {
  mutating func lowerConvolution(
    _ value: Int, _ equation: Equation, _ geometry: ConvolutionGeometry
  ) throws {
    if try lowerByTiles(value, equation, geometry, isGradient: false) { return }
    let (input, kernel) = (equation.operands[0], equation.operands[1])
    let epilogue = epilogues[value]
    var formats = try formats(
      geometry, input: type(input).shape, kernel: type(kernel).shape, output: equation.type.shape)
    formats.bias = try epilogue.map { _ in
      try MemoryFormat([equation.type.shape[1]], strides: [1])
    }
    let primitive = try LibraryPrimitive.convolution(geometry, formats, on: engine)
    let source = try buffer(of: input, in: .channelsLast)
    let weights = try packedKernel(kernel, geometry, for: primitive)
    emit(
      try LibraryStep(
        "convolution", primitive,
        reading: [
          Argument(index: Int32(DNNL_ARG_SRC), format: formats.input, buffer: source), weights,
        ] + biasArgument(epilogue, formats.bias),
        writing: [
          Argument(
            index: Int32(DNNL_ARG_DST), format: formats.output,
            buffer: define(epilogue?.sum ?? value, in: .channelsLast))
        ]))
  }

  mutating func lowerInputGradient(
    _ value: Int, _ equation: Equation, _ geometry: ConvolutionGeometry
  ) throws {
    let (gradient, kernel) = (equation.operands[0], equation.operands[1])
    if usesColumns(equation, geometry) {
      return try lowerInputGradientByColumns(value, equation, geometry)
    }
    if try lowerByTiles(value, equation, geometry, isGradient: true) { return }
    let formats = try formats(
      geometry, input: equation.type.shape, kernel: type(kernel).shape,
      output: type(gradient).shape)
    let primitive = try LibraryPrimitive.inputGradient(geometry, formats, on: engine)
    let source = try buffer(of: gradient, in: .channelsLast)
    let weights = try packedKernel(kernel, geometry, for: primitive)
    emit(
      try LibraryStep(
        "convolution input gradient", primitive,
        reading: [
          Argument(index: Int32(DNNL_ARG_DIFF_DST), format: formats.output, buffer: source),
          weights,
        ],
        writing: [
          Argument(
            index: Int32(DNNL_ARG_DIFF_SRC), format: formats.input,
            buffer: define(value, in: .channelsLast))
        ]))
  }

  mutating func lowerKernelGradient(
    _ value: Int, _ equation: Equation, _ geometry: ConvolutionGeometry
  ) throws {
    let (input, gradient) = (equation.operands[0], equation.operands[1])
    let shape = equation.type.shape
    let formats = try formats(
      geometry, input: type(input).shape, kernel: shape, output: type(gradient).shape)
    let primitive = try LibraryPrimitive.kernelGradient(geometry, formats, on: engine)
    let source = try buffer(of: input, in: .channelsLast)
    let other = try buffer(of: gradient, in: .channelsLast)
    let format = try primitive.format(dnnl_query_diff_weights_md)
    let plain = try kernelFormat(shape, geometry)
    let target = define(value, in: .plain)
    let made = format == plain ? target : append(byteCount: format.byteCount)
    emit(
      try LibraryStep(
        "convolution kernel gradient", primitive,
        reading: [
          Argument(index: Int32(DNNL_ARG_SRC), format: formats.input, buffer: source),
          Argument(index: Int32(DNNL_ARG_DIFF_DST), format: formats.output, buffer: other),
        ],
        writing: [
          Argument(index: Int32(DNNL_ARG_DIFF_WEIGHTS), format: format, buffer: made)
        ]))
    guard made != target else { return }
    emit(
      try LibraryStep(
        "reorder", LibraryPrimitive.reorder(from: format, to: plain, on: engine),
        reading: [Argument(index: Int32(DNNL_ARG_FROM), format: format, buffer: made)],
        writing: [Argument(index: Int32(DNNL_ARG_TO), format: plain, buffer: target)]))
  }

  // MARK: Formats

  /// Activations with channels last, the kernel as the primitive likes it.
  private func formats(
    _ geometry: ConvolutionGeometry, input: Shape, kernel: Shape, output: Shape
  ) throws -> ConvolutionFormats {
    ConvolutionFormats(
      input: try MemoryFormat(input, .channelsLast),
      kernel: try MemoryFormat(anyOf: grouped(kernel, geometry).dimensions),
      output: try MemoryFormat(output, .channelsLast))
  }

  /// oneDNN has an axis for the groups of a kernel.
  private func grouped(_ kernel: Shape, _ geometry: ConvolutionGeometry) -> Shape {
    guard geometry.groups > 1 else { return kernel }
    return Shape([geometry.groups, kernel[0] / geometry.groups] + kernel.dimensions.dropFirst())
  }

  private func kernelFormat(
    _ kernel: Shape, _ geometry: ConvolutionGeometry
  ) throws -> MemoryFormat {
    let shape = grouped(kernel, geometry)
    return try MemoryFormat(shape, .plain)
  }

  private mutating func packedKernel(
    _ kernel: Int, _ geometry: ConvolutionGeometry, for primitive: LibraryPrimitive
  ) throws -> Argument {
    let format = try primitive.format(dnnl_query_weights_md)
    let plain = try kernelFormat(type(kernel).shape, geometry)
    let packed = try formatted(try buffer(of: kernel, in: .plain), from: plain, to: format)
    return Argument(index: Int32(DNNL_ARG_WEIGHTS), format: format, buffer: packed)
  }
}
