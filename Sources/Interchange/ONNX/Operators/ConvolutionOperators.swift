import Programs
import Tensors

/// Convolutions over one to three spatial axes.
enum ConvolutionOperators {
  static let all: [ONNXOperator] = [
    .value("Conv") { call in
      try call.convolved(call.real(0), call.real(1), bias: call.optionalInput(2))
    },
    .value("ConvTranspose", lower: transposed),
    ONNXOperator("ConvInteger", lower: integers),
    .value("Col2Im", lower: imageOfColumns),
  ]

  /// Whole numbers with the points that stand for zero; the result is the sum itself.
  private static func integers(_ call: ONNXCall) throws -> [Operand?] {
    let input = try call.withoutZeroPoint(0, zeroPoint: 2) { $0 }
    let kernel = try call.withoutZeroPoint(1, zeroPoint: 3) { point in
      point.reshaped(
        to: Shape([point.shape.count] + Array(repeating: 1, count: max(input.shape.rank - 1, 0))))
    }
    let (left, right) = Value.sameReal(input, kernel)
    return [call.integerResult(try call.convolved(left, right, bias: nil))]
  }

  private static func transposed(_ call: ONNXCall) throws -> Value {
    let (value, kernel) = try (call.real(0), call.real(1))
    let spatial = try call.spatialDimensions(of: value)
    try call.require(
      kernel.shape.rank == value.shape.rank, "the kernel \(kernel.type) does not fit \(value.type)")
    let plan = try TransposedConvolution(
      call, spatial: spatial, window: try call.spatialDimensions(of: kernel))
    let product = value.convolvedTransposed(
      with: kernel, plan.geometry, outputPadding: spatial.map { _ in 0 })
    let padded = product.padded(
      low: product.shape.dimensions.map { _ in 0 }, high: [0, 0] + plan.rows)
    guard let bias = call.optionalInput(2) else { return padded }
    return padded + bias.alongChannels(rank: padded.shape.rank)
  }

  /// Blocks added to where they lie in an image: `[N, C · block, L]` becomes `[N, C, image…]`.
  ///
  /// It is the gradient of the convolution that cuts an image into blocks: one group a channel, a
  /// kernel of one 1 for each element of the block.
  private static func imageOfColumns(_ call: ONNXCall) throws -> Value {
    let (columns, image, block) = try (call.real(0), call.integers(1), call.integers(2))
    let sizes = image + block
    try call.require(
      (1...3).contains(image.count) && block.count == image.count
        && sizes.allSatisfy { (1...ONNXCall.largestStep).contains($0) },
      "an image of \(image) in blocks of \(block) is no image of 1 to 3 axes")
    let taps = try call.product(block)
    let shape = columns.shape
    try call.require(
      shape.rank == 3 && taps <= 4096 && shape[1] % taps == 0,
      "\(columns.type) holds no blocks of \(block)")
    let channels = shape[1] / taps
    let layout = try call.windows(size: block, spatial: image)
    let identity = Value.identity(taps, in: columns).reshaped(to: Shape([1, taps, 1] + block))
    let kernel = identity.broadcast(to: Shape([channels, taps, 1] + block))
      .reshaped(to: Shape([shape[1], 1] + block))
    let geometry = layout.geometry.convolution(groups: channels)
    return columns.reshaped(to: Shape([shape[0], shape[1]] + layout.count))
      .apply(.convolutionInputGradient(geometry, spatial: image), kernel)
  }
}

/// The settings of a transposed convolution.
private struct TransposedConvolution {
  /// The convolution whose gradient it is.
  var geometry: ConvolutionGeometry
  /// How many elements without any contribution follow each axis.
  var rows: [Int]

  /// The settings of a node for an input and a kernel of these dimensions.
  init(_ call: ONNXCall, spatial: [Int], window: [Int]) throws {
    let rank = spatial.count
    let (ones, zeros) = (spatial.map { _ in 1 }, spatial.map { _ in 0 })
    let stated = try call.steps("kernel_shape", count: rank)
    try call.require(stated ?? window == window, "the kernel is \(window), not \(stated ?? [])")
    let strides = try call.steps("strides", count: rank) ?? ones
    let dilations = try call.steps("dilations", count: rank) ?? ones
    let added = try call.steps("output_padding", count: rank, smallest: 0) ?? zeros
    let full = spatial.indices.map {
      (spatial[$0] - 1) * strides[$0] + dilations[$0] * (window[$0] - 1) + 1
    }
    let (low, high) = try Self.padding(
      call, full: full, added: added, same: zip(spatial, strides).map { $0 * $1 })
    // Elements that are added at the end are first of all those that were to be cut off there.
    let cut = zip(high, added).map { max($0 - $1, 0) }
    rows = zip(high, added).map { max($1 - $0, 0) }
    try call.require(
      spatial.indices.allSatisfy { full[$0] > low[$0] + cut[$0] },
      "nothing is left of \(full) without the padding \(low), \(cut)")
    geometry = ConvolutionGeometry(
      strides: strides, paddingLow: low, paddingHigh: cut, dilations: dilations,
      groups: try call.groups())
  }

  /// What is cut off on either side; less than nothing at the end is added there.
  private static func padding(
    _ call: ONNXCall, full: [Int], added: [Int], same: [Int]
  ) throws -> (low: [Int], high: [Int]) {
    let rank = full.count
    let zeros = full.map { _ in 0 }
    let mode = try call.string("auto_pad", default: "NOTSET")
    let isSame = mode == "SAME_UPPER" || mode == "SAME_LOWER"
    try call.require(
      isSame || mode == "NOTSET" || mode == "VALID",
      "the attribute 'auto_pad' is '\(mode)', which is unknown")
    let wanted = try call.steps("output_shape", count: rank) ?? (isSame ? same : nil)
    if let wanted {
      let total = full.indices.map { full[$0] + added[$0] - wanted[$0] }
      let low = total.map { max(mode == "SAME_UPPER" ? $0 / 2 : $0 - $0 / 2, 0) }
      return (low, zip(total, low).map { $0 - $1 })
    }
    guard mode == "NOTSET" else { return (zeros, zeros) }
    let pads = try call.steps("pads", count: 2 * rank, smallest: 0) ?? zeros + zeros
    return (Array(pads[..<rank]), Array(pads[rank...]))
  }
}

extension ONNXCall {
  func groups() throws -> Int {
    let groups = try int("group", default: 1)
    try require((1...Self.largestStep).contains(groups), "\(groups) is no number of groups")
    return groups
  }

  /// The convolution that the node's attributes describe.
  func convolved(_ value: Value, _ kernel: Value, bias: Value?) throws -> Value {
    let spatial = try spatialDimensions(of: value)
    try require(
      kernel.shape.rank == value.shape.rank, "the kernel \(kernel.type) does not fit \(value.type)")
    let window = try spatialDimensions(of: kernel)
    let stated = try steps("kernel_shape", count: spatial.count) ?? window
    try require(stated == window, "the kernel is \(window), not \(stated)")
    let layout = try windows(size: window, spatial: spatial)
    return value.convolved(
      with: kernel, layout.geometry.convolution(groups: try groups()), bias: bias)
  }
}

extension WindowGeometry {
  /// The convolution with these windows.
  func convolution(groups: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      strides: strides, paddingLow: paddingLow, paddingHigh: paddingHigh, dilations: dilations,
      groups: groups)
  }
}

extension Value {
  /// Two real values in the precision of what derivatives may pass through: float32 beside whole
  /// numbers, which are exact in either.
  static func sameReal(_ left: Value, _ right: Value) -> (Value, Value) {
    guard left.elementType != right.elementType else { return (left, right) }
    return (left.converted(to: .float32), right.converted(to: .float32))
  }

  /// The identity matrix of an order, of the same element type as a value of the same program.
  static func identity(_ order: Int, in other: Value) -> Value {
    let shape: Shape = [order, order]
    let rows = other.builder.append(.iota(.int64, shape, axis: 0), [])
    let columns = other.builder.append(.iota(.int64, shape, axis: 1), [])
    return rows.compare(.equal, columns).converted(to: other.elementType)
  }
}
