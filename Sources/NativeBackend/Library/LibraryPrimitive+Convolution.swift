import CDNNL
import Programs
import Tensors

/// The formats of a convolution's arrays.
struct ConvolutionFormats {
  var input: MemoryFormat
  var kernel: MemoryFormat
  var output: MemoryFormat
  var bias: MemoryFormat?
}

/// A convolution's geometry as oneDNN's lists.
private struct ConvolutionLists {
  let strides: [dnnl_dim_t]
  let dilations: [dnnl_dim_t]
  let low: [dnnl_dim_t]
  let high: [dnnl_dim_t]

  init(_ geometry: ConvolutionGeometry) {
    strides = MemoryFormat.list(geometry.strides)
    // Counted as the elements left out between taps.
    dilations = MemoryFormat.list(geometry.dilations.map { $0 - 1 })
    low = MemoryFormat.list(geometry.paddingLow)
    high = MemoryFormat.list(geometry.paddingHigh)
  }
}

extension LibraryPrimitive {
  /// Direct: the Winograd algorithm, which `auto` may choose, rounds differently.
  private static let algorithm = dnnl_convolution_direct

  static func convolution(
    _ geometry: ConvolutionGeometry, _ formats: ConvolutionFormats, on engine: Engine
  ) throws -> LibraryPrimitive {
    let lists = ConvolutionLists(geometry)
    var operation = dnnl_convolution_desc_t()
    try withPointers(formats) { input, kernel, output in
      try withOptionalPointer(to: formats.bias?.description) { bias in
        try check(
          dnnl_dilated_convolution_forward_desc_init(
            &operation, dnnl_forward_training, algorithm, input, kernel, bias, output,
            lists.strides, lists.dilations, lists.low, lists.high),
          "convolution")
      }
    }
    return try LibraryPrimitive(
      operation, name: "convolution", on: engine, attributes: Attributes())
  }

  /// The gradient in the input.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ formats: ConvolutionFormats, on engine: Engine
  ) throws -> LibraryPrimitive {
    let forward = try convolution(geometry, formats, on: engine)
    let lists = ConvolutionLists(geometry)
    var operation = dnnl_convolution_desc_t()
    try withPointers(formats) { input, kernel, output in
      try check(
        dnnl_dilated_convolution_backward_data_desc_init(
          &operation, algorithm, input, kernel, output, lists.strides, lists.dilations,
          lists.low, lists.high),
        "convolution input gradient")
    }
    return try LibraryPrimitive(
      operation, name: "convolution input gradient", on: engine, forward: forward,
      attributes: Attributes())
  }

  /// The gradient in the kernel.
  static func kernelGradient(
    _ geometry: ConvolutionGeometry, _ formats: ConvolutionFormats, on engine: Engine
  ) throws -> LibraryPrimitive {
    let forward = try convolution(geometry, formats, on: engine)
    let lists = ConvolutionLists(geometry)
    var operation = dnnl_convolution_desc_t()
    try withPointers(formats) { input, kernel, output in
      try check(
        dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, algorithm, input, kernel, nil, output, lists.strides, lists.dilations,
          lists.low, lists.high),
        "convolution kernel gradient")
    }
    return try LibraryPrimitive(
      operation, name: "convolution kernel gradient", on: engine, forward: forward,
      attributes: Attributes())
  }

  private static func withPointers(
    _ formats: ConvolutionFormats,
    _ body: (
      UnsafePointer<dnnl_memory_desc_t>, UnsafePointer<dnnl_memory_desc_t>,
      UnsafePointer<dnnl_memory_desc_t>
    ) throws -> Void
  ) throws {
    try withUnsafePointer(to: formats.input.description) { input in
      try withUnsafePointer(to: formats.kernel.description) { kernel in
        try withUnsafePointer(to: formats.output.description) { output in
          try body(input, kernel, output)
        }
      }
    }
  }
}

/// Calls `body` with a pointer to a C structure, or with none.
private func withOptionalPointer<Structure>(
  to structure: Structure?, _ body: (UnsafePointer<Structure>?) throws -> Void
) rethrows {
  guard let structure else { return try body(nil) }
  try withUnsafePointer(to: structure) { try body($0) }
}
