import Tensors

extension Primitive {
  /// The result types of matrix products, convolutions and windows.
  package func productType(of operands: [ValueType]) throws -> ValueType {
    let first = operands[0]
    let type = first.elementType
    if case .windowSum = self {} else { try checkFloatingPoint(operands) }
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
      let input = Shape([gradient[0], kernel[1] * geometry.groups] + spatial)
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
      let spatial = try outputDimensions(windows, of: Array(first.shape.dimensions.dropFirst(2)))
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
      throw TypeError("inner dimensions \(inner) and \(otherInner) differ")
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
          + "\(input.symbolicDescription) and \(kernel)")
    }
    guard geometry.groups >= 1, kernel[1] * geometry.groups == input[1],
      kernel[0] % geometry.groups == 0
    else {
      throw TypeError(
        "a kernel \(kernel) in \(geometry.groups) groups does not fit \(input[1]) channels")
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
    let result = windows.outputDimensions(for: spatial)
    guard result.allSatisfy({ $0 >= 1 }) else {
      throw TypeError("a window of \(windows.size) does not fit into \(spatial)")
    }
    return result
  }
}
