import Programs
import Tensors

/// Borders that are added or cut off, and images made larger.
enum SpatialLayers {
  static let all: [KerasLayerKind] =
    (1...3).flatMap { rank -> [KerasLayerKind] in
      [
        .value("ZeroPadding\(rank)D") { try padded($0, rank) },
        .value("Cropping\(rank)D") { try cropped($0, rank) },
        .value("UpSampling\(rank)D") { try enlarged($0, rank) },
      ]
    } + [.value("Resizing", lower: resized)]

  private static func padded(_ call: KerasCall, _ rank: Int) throws -> Value {
    let borders = try call.configuration.borders("padding", count: rank)
    return try call.spatially(rank) { value, _ in
      value.padded(low: [0, 0] + borders.map(\.low), high: [0, 0] + borders.map(\.high))
    }
  }

  private static func cropped(_ call: KerasCall, _ rank: Int) throws -> Value {
    let borders = try call.configuration.borders("cropping", count: rank)
    return try call.spatially(rank) { value, spatial in
      try spatial.indices.reduce(value) { value, axis in
        let end = spatial[axis] - borders[axis].high
        try call.require(borders[axis].low < end, "nothing is left of \(spatial)")
        return value.slice(axis: axis + 2, borders[axis].low..<end)
      }
    }
  }

  private static func enlarged(_ call: KerasCall, _ rank: Int) throws -> Value {
    let factors = try call.configuration.sizes("size", count: rank, default: 2)
    let method = call.configuration.text("interpolation") ?? "nearest"
    return try call.spatially(rank) { value, spatial in
      try spatial.indices.reduce(value) { value, axis in
        if method == "nearest" { return value.repeated(factors[axis], axis: axis + 2) }
        return try call.resized(
          value, axis: axis + 2, to: spatial[axis] * factors[axis], method)
      }
    }
  }

  private static func resized(_ call: KerasCall) throws -> Value {
    let configuration = call.configuration
    try call.require(
      !configuration.flag("crop_to_aspect_ratio", default: false)
        && !configuration.flag("pad_to_aspect_ratio", default: false)
        && !configuration.flag("antialias", default: false),
      "keeping the aspect ratio or smoothing is not supported")
    let sizes = try [
      configuration.requiredInteger("height"), configuration.requiredInteger("width"),
    ]
    let method = configuration.text("interpolation") ?? "bilinear"
    return try call.spatially(2) { value, _ in
      try sizes.indices.reduce(value) {
        try call.resized($0, axis: $1 + 2, to: sizes[$1], method)
      }
    }
  }
}

extension KerasCall {
  /// More numbers than a matrix that resizes an axis may have.
  private static let largestMatrix = 1 << 24

  /// An axis resized by a matrix of weights; sample i lies at (i + ½) n / size − ½.
  fileprivate func resized(
    _ value: Value, axis: Int, to size: Int, _ method: String
  ) throws -> Value {
    let count = value.shape[axis]
    try require(size >= 1 && count >= 1, "a size of \(size) is none")
    let (elements, overflow) = size.multipliedReportingOverflow(by: count)
    try require(!overflow && elements <= Self.largestMatrix, "a size of \(size) is too large")
    guard size != count else { return value }
    var weights = [Double](repeating: 0, count: elements)
    for index in 0..<size {
      let place = (Double(index) + 0.5) * Double(count) / Double(size)
      switch method {
      case "nearest": weights[Swift.min(Int(place), count - 1) * size + index] = 1
      case "bilinear":
        let centre = Swift.max(place - 0.5, 0)
        let low = Swift.min(Int(centre), count - 1)
        let fraction = centre - Double(low)
        weights[low * size + index] += 1 - fraction
        weights[Swift.min(low + 1, count - 1) * size + index] += fraction
      default: throw error("the interpolation '\(method)' is not supported")
      }
    }
    let matrix = builder.constant(
      Tensor(weights, shape: [count, size]).converted(to: value.elementType))
    var swap = Array(0..<value.shape.rank)
    swap.swapAt(axis, swap.count - 1)
    return value.transposed(swap).matrixMultiplied(by: matrix).transposed(swap)
  }
}
