import Programs
import Tensors

extension ONNXExport {
  /// The maxima of windows; NaN, which is the largest number here, the standard leaves open.
  func maxPool(_ equation: Equation, _ windows: WindowGeometry) throws -> String {
    let operand = try name(of: equation.operands[0])
    if windows.isPaddingSmall {
      return graph.node("MaxPool", [operand], windows.attributes)
    }
    // Padding as wide as a window, which dilation allows, is refused by onnxruntime.
    let lowest = graph.scalar(-.infinity, equation.type.elementType)
    let padded = graph.node(
      "Pad",
      [
        operand, graph.integers([0, 0] + windows.paddingLow + [0, 0] + windows.paddingHigh), lowest,
      ])
    return graph.node("MaxPool", [padded], windows.withoutPadding.attributes)
  }

  /// Indices within the spatial axes: the standard counts through the whole tensor.
  func maxPoolIndices(_ equation: Equation, _ windows: WindowGeometry) throws -> String {
    let operand = try name(of: equation.operands[0])
    let spatial = type(of: equation.operands[0]).shape.dimensions.dropFirst(2).reduce(1, *)
    let indices = graph.nodes("MaxPool", [operand], windows.attributes, results: 2)[1]
    return cast(
      graph.node("Mod", [indices, graph.scalar(Double(spatial), .int64)]), to: .int32)
  }

  /// The sums of windows: a convolution of each channel with ones, whose sums are rounded once.
  ///
  /// A mean times the size of the window would be rounded twice more.
  func windowSum(_ equation: Equation, _ windows: WindowGeometry, of value: Int) throws -> String {
    let operand = try name(of: equation.operands[0])
    guard equation.type.elementType.isFloatingPoint else {
      return try addedTaps(operand, equation, windows)
    }
    let (ones, geometry) = try depthwise(windows, equation.type, of: value)
    return graph.node("Conv", [operand, ones], geometry.attributes)
  }

  func windowSumGradient(
    _ equation: Equation, _ windows: WindowGeometry, spatial: [Int]
  ) throws -> String {
    let outputs = Array(type(of: equation.operands[0]).shape.dimensions.dropFirst(2))
    let (ones, geometry) = try depthwise(windows, equation.type, of: equation.operands[0])
    return graph.node(
      "ConvTranspose", [try name(of: equation.operands[0]), ones],
      geometry.attributes + [
        .ints("output_padding", windows.outputPadding(from: outputs, to: spatial))
      ])
  }

  /// A kernel of ones for each channel.
  private func depthwise(
    _ windows: WindowGeometry, _ type: ValueType, of value: Int
  ) throws -> (String, ConvolutionGeometry) {
    let channels = type.shape[1]
    guard !Shape.isSymbolic(channels) else {
      throw refusal(value, "its channels depend on the batch size")
    }
    try checkTable([channels] + windows.size)
    let ones = Tensor(
      repeating: 1, shape: Shape([channels, 1] + windows.size), elementType: type.elementType)
    let geometry = ConvolutionGeometry(
      strides: windows.strides, paddingLow: windows.paddingLow, paddingHigh: windows.paddingHigh,
      dilations: windows.dilations, groups: channels)
    return (graph.constant(ones, named: "ones"), geometry)
  }

  /// Integers, which the standard does not convolve: slices of the padded whole, one a tap, added.
  private func addedTaps(
    _ operand: String, _ equation: Equation, _ windows: WindowGeometry
  ) throws -> String {
    let source = type(of: equation.operands[0])
    let (low, high) = ([0, 0] + windows.paddingLow, [0, 0] + windows.paddingHigh)
    let padded = graph.node(
      "Pad", [operand, graph.integers(low + high), graph.scalar(0, source.elementType)])
    let outputs = equation.type.shape.dimensions.dropFirst(2)
    let axes = graph.integers(Array(2..<source.shape.rank))
    try checkTable([1 << 10] + windows.size)
    let taps = Shape(windows.size)
    let parts = (0..<taps.count).map { tap in
      let starts = taps.dimensions.indices.map { axis in
        tap / taps.strides[axis] % taps[axis] * windows.dilations[axis]
      }
      let ends = zip(starts, zip(outputs, windows.strides)).map { $0 + ($1.0 - 1) * $1.1 + 1 }
      return graph.node(
        "Slice",
        [
          padded, graph.integers(starts), graph.integers(ends), axes,
          graph.integers(windows.strides),
        ])
    }
    return parts.dropFirst().reduce(parts[0]) { graph.node("Add", [$0, $1]) }
  }
}

extension WindowGeometry {
  var poolingAttributes: [ONNXAttribute] {
    [
      .ints("kernel_shape", size), .ints("strides", strides),
      .ints("pads", paddingLow + paddingHigh),
    ]
  }

  fileprivate var attributes: [ONNXAttribute] {
    poolingAttributes + [.ints("dilations", dilations)]
  }

  fileprivate var withoutPadding: WindowGeometry {
    var result = self
    result.paddingLow = paddingLow.map { _ in 0 }
    result.paddingHigh = result.paddingLow
    return result
  }

  /// Whether the padding is narrower than the window along each axis.
  var isPaddingSmall: Bool {
    size.indices.allSatisfy { paddingLow[$0] < size[$0] && paddingHigh[$0] < size[$0] }
  }
}
