import Tensors

/// Programs are read from files, so that any number may stand in them: these limits keep the
/// arithmetic on shapes within 64 bits.
extension ValueType {
  /// Checks that the dimensions are not negative and that the elements can be counted.
  ///
  /// - Throws: `TypeError` if not.
  func checkSize() throws {
    var count = 1
    for dimension in shape.dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard (0...Primitive.largestDimension).contains(dimension), !overflow else {
        throw TypeError("no tensor has the shape \(shape.symbolicDescription)")
      }
      // A dimension of 0 must not hide that the others overflow, in whichever order they come.
      count = dimension == 0 ? count : product
    }
  }
}

extension Primitive {
  /// More than any memory holds, with room for multiples of the symbolic batch size.
  static let largestDimension = 1 << 60
  /// The largest stride, dilation, window size, padding or number of groups.
  static let largestStep = 1 << 30

  /// Checks that every number of the primitive is small enough to compute with.
  func checkAttributes() throws {
    switch self {
    case .dimension(let size): try checkDimensions([size])
    case .iota(_, let shape, _), .randomUniform(let shape), .broadcast(let shape, _),
      .reshape(let shape):
      try ValueType(.float32, shape).checkSize()
    case .slice(let starts, let limits, let strides):
      try checkDimensions(starts + limits)
      try checkSteps(strides)
    case .pad(let low, let high, let interior, _):
      try checkDimensions(low + high)
      try checkSteps(interior)
    case .scatterAdd(_, let count), .scatterAddElements(_, let count):
      try checkDimensions([count])
    case .convolution(let geometry): try check(geometry)
    case .convolutionInputGradient(let geometry, let spatial):
      try check(geometry)
      try checkDimensions(spatial)
    case .convolutionKernelGradient(let geometry, let window):
      try check(geometry)
      try checkSteps(window)
    case .maxPool(let windows), .maxPoolIndices(let windows), .windowSum(let windows):
      try check(windows)
    case .windowSumGradient(let windows, let spatial):
      try check(windows)
      try checkDimensions(spatial)
    case .constant, .unary, .binary, .compare, .select, .convert, .stopGradient, .transpose,
      .concatenate, .reverse, .gather, .gatherElements, .argMax, .argSort, .reduce,
      .cumulativeSum, .matrixMultiply:
      break
    }
  }

  private func check(_ geometry: ConvolutionGeometry) throws {
    try checkSteps(
      geometry.strides + geometry.paddingLow + geometry.paddingHigh + geometry.dilations
        + [geometry.groups])
  }

  func check(_ windows: WindowGeometry) throws {
    try checkSteps(
      windows.size + windows.strides + windows.paddingLow + windows.paddingHigh
        + windows.dilations)
  }

  private func checkDimensions(_ numbers: [Int]) throws {
    for number in numbers where !(0...Primitive.largestDimension).contains(number) {
      throw TypeError("\(number) is no dimension")
    }
  }

  private func checkSteps(_ numbers: [Int]) throws {
    for number in numbers where !(0...Primitive.largestStep).contains(number) {
      throw TypeError("\(number) is no stride, size or padding")
    }
  }

  /// The sum of dimensions, which must be all symbolic or all concrete.
  func sum(_ parts: [Int]) throws -> Int {
    let parts = parts.filter { $0 != 0 }
    guard Set(parts.map(Shape.isSymbolic)).count <= 1 else {
      let texts = parts.map(Shape.text).joined(separator: " and ")
      throw TypeError("symbolic and concrete sizes do not add up: \(texts)")
    }
    return try parts.reduce(0) { sum, part in
      let (result, overflow) = sum.addingReportingOverflow(part)
      guard !overflow else { throw TypeError("the size does not fit into 64 bits") }
      return result
    }
  }

  /// The product of two sizes.
  func product(_ left: Int, _ right: Int) throws -> Int {
    let (result, overflow) = left.multipliedReportingOverflow(by: right)
    guard !overflow else { throw TypeError("the size does not fit into 64 bits") }
    return result
  }
}
