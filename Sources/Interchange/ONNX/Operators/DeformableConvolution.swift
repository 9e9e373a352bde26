import Programs
import Tensors

/// Convolution over sampling points that are data themselves.
///
///     y[o, p] = Σ_{c, t} W[o, c, t] · m[t, p] · x[c, p · stride + t · dilation − pad + Δ[t, p]]
///
/// Between elements x is interpolated bilinearly, beyond its border it is 0.
///
/// - Source: Zhu et al. 2019, arXiv:1811.11168.
enum DeformableConvolution {
  static let all: [ONNXOperator] = [.value("DeformConv", lower: lower)]

  private static func lower(_ call: ONNXCall) throws -> Value {
    let (value, kernel, offset) = try (call.real(0), call.real(1), call.real(2))
    let spatial = try call.spatialDimensions(of: value)
    try call.require(
      spatial.count == 2 && kernel.shape.rank == 4 && offset.shape.rank == 4,
      "sampling points can move over two spatial axes only")
    let window = try call.spatialDimensions(of: kernel)
    let layout = try call.windows(size: window, spatial: spatial)
    let (groups, fields) = (try call.groups(), try call.int("offset_group", default: 1))
    let (samples, channels, taps) = (value.shape[0], value.shape[1], try call.product(window))
    let places = try call.product(layout.count)
    _ = try call.product([fields, taps, places])
    _ = try call.product([channels, taps])
    try call.require(
      (1...ONNXCall.largestStep).contains(fields) && channels % fields == 0
        && channels % groups == 0 && kernel.shape[0] % groups == 0
        && offset.shape.dimensions == [samples, fields * taps * 2] + layout.count,
      "offsets \(offset.type) do not fit \(value.type) and the kernel \(kernel.type)")
    let moves = offset.reshaped(to: [samples, fields, taps, 2, places])
    let points = (0..<2).map { axis in
      moves.select(axis: 3, axis) + layout.samplingPoints(axis: axis, like: value)
    }
    let planes = value.reshaped(
      to: [samples, fields, channels / fields, spatial[0] * spatial[1]])
    var columns = planes.interpolated(
      points.map { $0.reshaped(to: [samples, fields, 1, taps * places]) }, spatial: spatial)
    if let mask = call.optionalInput(4) {
      columns = columns * mask.reshaped(to: [samples, fields, 1, taps * places])
    }
    let filters = kernel.reshaped(
      to: [groups, kernel.shape[0] / groups, kernel.shape[1] * taps])
    let product = filters.matrixMultiplied(
      by: columns.reshaped(to: [samples, groups, channels / groups * taps, places]))
    let result = product.reshaped(to: Shape([samples, kernel.shape[0]] + layout.count))
    return call.optionalInput(3).map { result + $0.alongChannels(rank: 4) } ?? result
  }
}

extension WindowLayout {
  /// The coordinate along an axis of each tap of each window before it moves: `[taps, windows]`.
  fileprivate func samplingPoints(axis: Int, like value: Value) -> Value {
    func index(_ shape: [Int]) -> Value {
      value.builder.append(.iota(value.elementType, Shape(shape), axis: axis), [])
        .reshaped(to: [shape[0] * shape[1]])
    }
    let taps = index(geometry.size) * Double(geometry.dilations[axis])
    let windows = index(count) * Double(geometry.strides[axis])
    return taps.expanded(axis: 1) + windows - Double(geometry.paddingLow[axis])
  }
}

extension Value {
  /// Planes `[N, G, C, H W]` at points `[N, G, 1, P]`, row and column: `[N, G, C, P]`.
  fileprivate func interpolated(_ points: [Value], spatial: [Int]) -> Value {
    let corners = [(0, 0), (0, 1), (1, 0), (1, 1)].map { row, column in
      let (top, left) = (
        points[0].corner(row, of: spatial[0]), points[1].corner(column, of: spatial[1])
      )
      let index = top.index * Double(spatial[1]) + left.index
      let count = index.shape[index.shape.rank - 1]
      let elements = gatherElements(
        index.broadcast(to: Shape(Array(shape.dimensions.dropLast()) + [count])), axis: 3)
      return elements * (top.weight * left.weight)
    }
    return corners[0] + corners[1] + corners[2] + corners[3]
  }

  /// The neighbour below (0) or above (1) a coordinate along an axis: its index and its weight,
  /// which is 0 beyond the border.
  private func corner(_ side: Int, of count: Int) -> (index: Value, weight: Value) {
    let below = floor()
    let place = below + Double(side)
    let distance = self - below
    let isInside = scalar(0).compare(.lessOrEqual, place)
      .and(place.compare(.less, scalar(Double(count))))
    let index = place.clamped(from: scalar(0), to: scalar(Double(count - 1)))
    return (
      index.stoppingGradient().converted(to: .int64),
      isInside.select(side == 0 ? 1 - distance : distance, scalar(0))
    )
  }
}
