import Programs
import Tensors

extension PrimitiveCase {
  /// An input, a kernel and where its windows lie.
  private static var geometries: [(input: Shape, kernel: Shape, geometry: ConvolutionGeometry)] {
    let geometry = {
      (strides: [Int], low: [Int], high: [Int], dilations: [Int], groups: Int) in
      ConvolutionGeometry(
        strides: strides, paddingLow: low, paddingHigh: high, dilations: dilations, groups: groups)
    }
    return [
      ([2, 3, 7], [4, 3, 3], ConvolutionGeometry(rank: 1, padding: 1)),
      ([1, 2, 9], [2, 2, 3], geometry([2], [2], [0], [2], 1)),
      ([1, 2, 5, 4], [3, 2, 3, 2], geometry([2, 1], [1, 0], [0, 2], [1, 1], 1)),
      ([1, 4, 4, 3], [6, 2, 3, 3], ConvolutionGeometry(rank: 2, padding: 1, groups: 2)),
      ([2, 2, 4, 4], [4, 1, 3, 3], ConvolutionGeometry(rank: 2, padding: 1, groups: 2)),
      ([1, 1, 6, 6], [2, 1, 3, 3], ConvolutionGeometry(rank: 2, stride: 2)),
      ([1, 1, 7, 6], [1, 1, 3, 2], ConvolutionGeometry(rank: 2, padding: 1, dilation: 2)),
      ([2, 3, 2, 3], [2, 3, 1, 1], ConvolutionGeometry(rank: 2)),
      (
        [1, 2, 3, 4, 3], [2, 2, 2, 2, 2],
        geometry([1, 2, 1], [0, 1, 1], [1, 0, 0], [1, 1, 2], 1)
      ),
    ]
  }

  static func convolutions(_ type: ElementType) -> [PrimitiveCase] {
    geometries.flatMap { input, kernel, geometry in
      let spatial = Array(input.dimensions.dropFirst(2))
      let window = Array(kernel.dimensions.dropFirst(2))
      let outputs = geometry.windows(size: window).outputDimensions(for: spatial)
      let x = SampleValues.uniform(input, type)
      let weights = SampleValues.uniform(kernel, type, purpose: "kernel")
      let gradient = SampleValues.uniform(
        Shape([input[0], kernel[0]] + outputs), type, purpose: "gradient")
      return [
        PrimitiveCase(.convolution(geometry), [x, weights]),
        PrimitiveCase(
          .convolutionInputGradient(geometry, spatial: spatial), [gradient, weights]),
        PrimitiveCase(.convolutionKernelGradient(geometry, window: window), [x, gradient]),
      ]
    }
  }

  static func windows(_ type: ElementType) -> [PrimitiveCase] {
    let general = WindowGeometry(
      size: [3, 2], strides: [2, 1], paddingLow: [1, 0], paddingHigh: [0, 1], dilations: [1, 2])
    let windows: [(Shape, WindowGeometry)] = [
      ([1, 2, 4, 4], WindowGeometry(rank: 2, size: 2)),
      ([2, 2, 7], WindowGeometry(rank: 1, size: 3, stride: 2, padding: 1)),
      ([1, 1, 5, 5], WindowGeometry(rank: 2, size: 3, stride: 1, padding: 1)),
      ([1, 2, 6, 5], general),
      ([1, 1, 7, 5], WindowGeometry(rank: 2, size: 2, stride: 3)),
      ([1, 2, 3, 4, 3], WindowGeometry(rank: 3, size: 2, stride: 1)),
    ]
    return windows.flatMap { shape, geometry in
      let x = SampleValues.distinct(shape, type)
      let spatial = Array(shape.dimensions.dropFirst(2))
      let outputs = geometry.outputDimensions(for: spatial)
      let gradient = SampleValues.uniform(
        Shape(Array(shape.dimensions.prefix(2)) + outputs), type, purpose: "gradient")
      return [
        PrimitiveCase(.maxPool(geometry), [x]), PrimitiveCase(.maxPoolIndices(geometry), [x]),
        PrimitiveCase(.windowSum(geometry), [x]),
        PrimitiveCase(.windowSumGradient(geometry, spatial: spatial), [gradient]),
      ]
    } + specialWindows(type)
  }

  private static func specialWindows(_ type: ElementType) -> [PrimitiveCase] {
    let geometry = WindowGeometry(rank: 1, size: 3, stride: 2, padding: 1)
    let x = Tensor([-3, -1, -1, .nan, 2, -2, 5, 5, 5] as [Float], shape: [1, 1, 9])
      .converted(to: type)
    return [
      PrimitiveCase(.maxPool(geometry), [x], "NaN and ties", isDifferentiable: false),
      PrimitiveCase(.maxPoolIndices(geometry), [x], "NaN and ties"),
      PrimitiveCase(
        .windowSum(geometry), [SampleValues.integers([4, -3, 2, 100, 7], [1, 1, 5])]),
    ]
  }
}
