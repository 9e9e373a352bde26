import Tensors

extension Primitive {
  /// The result types of matrix products, convolutions and windows.
  package func productType(of operands: [ValueType]) throws -> ValueType {
    let first = operands[0]
    let type = first.elementType
    if case .windowSum = self {
      try checkNumbers(first)
    } else {
      try checkFloatingPoint(operands)
    }
    switch self {
    case .matrixMultiply(let transposeLeft, let transposeRight):
      return ValueType(
        type,
        try multipliedShape(
          first.shape, operands[1].shape, transposeLeft: transposeLeft,
          transposeRight: transposeRight))
    case .convolution(let geometry):
      let (input, kernel) = (first.shape, operands[1].shape)
      try check(geometry: geometry, input: input, kernel: kernel)
      let windows = geometry.windows(size: Array(kernel.dimensions.dropFirst(2)))
      let spatial = try outputDimensions(windows, of: Array(input.dimensions.dropFirst(2)))
      return ValueType(type, Shape([input[0], kernel[0]] + spatial))
    case .convolutionInputGradient(let geometry, let spatial):
      let (gradient, kernel) = (first.shape, operands[1].shape)
      guard gradient.rank >= 3, kernel.rank == gradient.rank else {
        throw TypeError("expects a gradient and a kernel of one rank, at least 3")
      }
      let input = Shape([gradient[0], try product(kernel[1], geometry.groups)] + spatial)
      let forward = try Primitive.convolution(geometry).productType(
        of: [ValueType(type, input), operands[1]])
      guard forward.shape == gradient else {
        throw TypeError("expects a gradient of shape \(forward.shape.symbolicDescription)")
      }
      return ValueType(type, input)
    case .convolutionKernelGradient(let geometry, let window):
      let (input, gradient) = (first.shape, operands[1].shape)
      guard input.rank >= 3, gradient.rank == input.rank, geometry.groups >= 1 else {
        throw TypeError("expects an input and a gradient of one rank, at least 3")
      }
      let kernel = Shape([gradient[1], input[1] / geometry.groups] + window)
      let forward = try Primitive.convolution(geometry).productType(
        of: [first, ValueType(type, kernel)])
      guard forward.shape == gradient else {
        throw TypeError("expects a gradient of shape \(forward.shape.symbolicDescription)")
      }
      return ValueType(type, kernel)
    case .maxPool(let windows), .windowSum(let windows), .maxPoolIndices(let windows):
      let source = Array(first.shape.dimensions.dropFirst(2))
      let spatial = try outputDimensions(windows, of: source)
      if case .windowSum = self {} else { try checkNoWindowIsPadding(windows, of: source) }
      let shape = Shape(Array(first.shape.dimensions.prefix(2)) + spatial)
      if case .maxPoolIndices = self { return ValueType(.int32, shape) }
      return ValueType(type, shape)
    case .windowSumGradient(let windows, let spatial):
      let shape = Shape(Array(first.shape.dimensions.prefix(2)) + spatial)
      guard try outputDimensions(windows, of: spatial) == Array(first.shape.dimensions.dropFirst(2))
      else {
        throw TypeError("does not fit windows over \(spatial)")
      }
      return ValueType(type, shape)
    default: preconditionFailure("\(name) is no product")
    }
  }

  private func multipliedShape(
    _ left: Shape, _ right: Shape, transposeLeft: Bool, transposeRight: Bool
  ) throws -> Shape {
    let rank = left.rank
    guard rank >= 2, right.rank == rank,
      left.dimensions.prefix(rank - 2) == right.dimensions.prefix(rank - 2)
    else { throw TypeError("expects operands of one rank, at least 2, and equal leading axes") }
    let inner = transposeLeft ? left[rank - 2] : left[rank - 1]
    let otherInner = transposeRight ? right[rank - 1] : right[rank - 2]
    guard inner == otherInner else {
      throw TypeError("inner dimensions \(Shape.text(inner)) and \(Shape.text(otherInner)) differ")
    }
    return Shape(
      left.dimensions.prefix(rank - 2) + [
        transposeLeft ? left[rank - 1] : left[rank - 2],
        transposeRight ? right[rank - 2] : right[rank - 1],
      ])
  }

  private func check(geometry: ConvolutionGeometry, input: Shape, kernel: Shape) throws {
    guard input.rank >= 3, kernel.rank == input.rank else {
      throw TypeError(
        "expects an input [N, C, spatial…] and a kernel of the same rank, got "
          + "\(input.symbolicDescription) and \(kernel.symbolicDescription)")
    }
    guard geometry.groups >= 1, try product(kernel[1], geometry.groups) == input[1],
      kernel[0] % geometry.groups == 0
    else {
      throw TypeError(
        "a kernel \(kernel.symbolicDescription) in \(geometry.groups) groups does not fit "
          + "\(Shape.text(input[1])) channels")
    }
  }

  /// Checks that every window contains an element, so that it has a maximum.
  ///
  /// Where padding is smaller than the extent no window lies beyond an end; taps that are closer
  /// than the axis is long cannot step over it.
  private func checkNoWindowIsPadding(_ windows: WindowGeometry, of spatial: [Int]) throws {
    for (axis, dimension) in spatial.enumerated() {
      let (low, high) = (windows.paddingLow[axis], windows.paddingHigh[axis])
      let extent = windows.dilations[axis] * (windows.size[axis] - 1) + 1
      let isReached = low + high == 0 || windows.dilations[axis] <= dimension
      guard low < extent, high < extent, isReached else {
        throw TypeError("a window of \(windows.size) may lie in the padding alone")
      }
    }
  }

  private func outputDimensions(_ windows: WindowGeometry, of spatial: [Int]) throws -> [Int] {
    let lists = [
      windows.size, windows.strides, windows.paddingLow, windows.paddingHigh, windows.dilations,
    ]
    guard lists.allSatisfy({ $0.count == spatial.count }), !spatial.isEmpty else {
      throw TypeError("expects window settings for \(spatial.count) spatial axes")
    }
    guard (windows.size + windows.strides + windows.dilations).allSatisfy({ $0 >= 1 }),
      (windows.paddingLow + windows.paddingHigh).allSatisfy({ $0 >= 0 })
    else { throw TypeError("sizes, strides and dilations start at 1, padding at 0") }
    try check(windows)
    guard !Shape(spatial).isSymbolic else {
      throw TypeError("a window cannot slide over an axis of symbolic size")
    }
    let result = windows.outputDimensions(for: spatial)
    guard result.allSatisfy({ $0 >= 1 }) else {
      throw TypeError("a window of \(windows.size) does not fit into \(spatial)")
    }
    return result
  }
}
