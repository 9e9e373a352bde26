import Foundation
import Programs
import Tensors

/// Images of another size.
enum ResizeOperators {
  static let all: [ONNXOperator] = [
    .value("Upsample", since: 1) { call in
      guard let width = try call.optionalFloat("width_scale"),
        let height = try call.optionalFloat("height_scale")
      else { throw call.error("has no attributes 'width_scale' and 'height_scale'") }
      return try call.resized(scales: [1, 1, height, width], call.legacyInterpolation())
    },
    .value("Upsample", since: 7) { call in
      guard let scales = try call.floats("scales") else {
        throw call.error("has no attribute 'scales'")
      }
      return try call.resized(scales: scales.map(Double.init), call.legacyInterpolation())
    },
    .value("Upsample", since: 9) { call in
      try call.resized(scales: call.reals(1), call.legacyInterpolation())
    },
    .value("Resize", since: 10) { call in
      try call.resized(scales: call.reals(1), call.legacyInterpolation())
    },
    .value("Resize", since: 11, lower: resize),
  ]

  private static func resize(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0)
    let rank = value.shape.rank
    let axes = try call.axes(call.optionalInts("axes") ?? Array(0..<rank), rank: rank)
    let interpolation = try call.interpolation()
    let regions = try call.regions(of: axes.count, interpolation)
    var resized: [ResizedAxis]
    if call.has(3), try call.input(3).shape.count > 0 {
      resized = try call.axes(axes, of: value.shape, sizes: call.integers(3))
    } else {
      resized = try call.axes(axes, of: value.shape, scales: call.reals(2))
    }
    for index in resized.indices { resized[index].region = regions[index] }
    return try call.resized(resized, interpolation)
  }
}

extension ONNXCall {
  /// The rule of the operators before opset 11.
  fileprivate func legacyInterpolation() throws -> Interpolation {
    var result = Interpolation()
    result.mode = try interpolationMode()
    result.coordinates = "asymmetric"
    result.rounding = "floor"
    return result
  }

  private func interpolationMode() throws -> Interpolation.Mode {
    let name = try string("mode", default: "nearest")
    guard let mode = Interpolation.Mode(rawValue: name == "bilinear" ? "linear" : name) else {
      throw error("there is no mode '\(name)'")
    }
    return mode
  }

  fileprivate func interpolation() throws -> Interpolation {
    var result = Interpolation()
    result.mode = try interpolationMode()
    result.coordinates = try string(
      "coordinate_transformation_mode", default: result.coordinates)
    result.rounding = try string("nearest_mode", default: result.rounding)
    result.cubicCoefficient = try float("cubic_coeff_a", default: -0.75)
    result.antialiases = try flag("antialias")
    result.excludesOutside = try flag("exclude_outside")
    result.extrapolation = try float("extrapolation_value", default: 0)
    return result
  }

  /// The parts of the axes that are taken: all of them, unless the mode asks for regions.
  fileprivate func regions(
    of count: Int, _ interpolation: Interpolation
  ) throws -> [(start: Double, end: Double)] {
    guard interpolation.coordinates == "tf_crop_and_resize" else {
      return (0..<count).map { _ in (0, 1) }
    }
    let numbers = try reals(1)
    try require(
      numbers.count == 2 * count, "expects a start and an end for each of \(count) axes")
    return (0..<count).map { (numbers[$0], numbers[count + $0]) }
  }

  fileprivate func axes(
    _ axes: [Int], of shape: Shape, scales: [Double]
  ) throws -> [ResizedAxis] {
    try require(
      scales.count == axes.count && scales.allSatisfy { $0 > 0 && $0 < 1e6 },
      "expects a scale for each of \(axes.count) axes, got \(scales)")
    return try zip(axes, scales).map { axis, scale in
      let count = shape[axis]
      guard scale != 1 else {
        return ResizedAxis(axis: axis, count: count, result: count, scale: 1)
      }
      try require(
        !Shape.isSymbolic(count), "cannot resize an axis of \(Shape.text(count)) elements")
      let result = try whole((scale * Double(count)).rounded(.down))
      return ResizedAxis(axis: axis, count: count, result: result, scale: scale)
    }
  }

  fileprivate func axes(_ axes: [Int], of shape: Shape, sizes: [Int]) throws -> [ResizedAxis] {
    try require(
      sizes.count == axes.count && sizes.allSatisfy { $0 >= 0 },
      "expects a size for each of \(axes.count) axes, got \(sizes)")
    let policy = try string("keep_aspect_ratio_policy", default: "stretch")
    let result = try zip(axes, sizes).map { axis, size in
      let count = shape[axis]
      try require(
        count == size || (count > 0 && !Shape.isSymbolic(count) && !Shape.isSymbolic(size)),
        "cannot resize an axis of \(Shape.text(count)) elements to \(Shape.text(size))")
      return ResizedAxis(
        axis: axis, count: count, result: size,
        scale: count == size ? 1 : Double(size) / Double(count))
    }
    guard policy != "stretch" else { return result }
    let scales = result.map(\.scale)
    guard let scale = policy == "not_larger" ? scales.min() : scales.max(),
      policy == "not_larger" || policy == "not_smaller"
    else { throw error("there is no policy '\(policy)'") }
    return try result.map { axis in
      try require(
        scale == 1 || !Shape.isSymbolic(axis.count),
        "cannot resize an axis of \(Shape.text(axis.count)) elements")
      let size =
        scale == 1 ? axis.count : try whole((scale * Double(axis.count) + 0.5).rounded(.down))
      return ResizedAxis(axis: axis.axis, count: axis.count, result: size, scale: scale)
    }
  }

  fileprivate func resized(scales: [Double], _ interpolation: Interpolation) throws -> Value {
    let shape = try input(0).shape
    return try resized(axes(Array(0..<shape.rank), of: shape, scales: scales), interpolation)
  }

  /// Each axis after the other; integers are computed as real numbers and rounded.
  fileprivate func resized(
    _ axes: [ResizedAxis], _ interpolation: Interpolation
  ) throws -> Value {
    let value = try input(0)
    try require(
      !interpolation.antialiases || interpolation.mode != .nearest,
      "nearest neighbours cannot be free of aliases")
    let isReal = value.elementType.isFloatingPoint || interpolation.mode == .nearest
    let start = isReal ? value : value.converted(to: .float64)
    let result = try axes.filter { !$0.isIdentity(interpolation) }.reduce(start) {
      try resized($0, $1, interpolation)
    }
    guard !isReal, let range = try operand(0).type.integerRange else { return result }
    return result.rounded().maximum(result.scalar(range.lowerBound))
      .minimum(result.scalar(range.upperBound)).converted(to: value.elementType)
  }

  private func resized(
    _ value: Value, _ axis: ResizedAxis, _ interpolation: Interpolation
  ) throws -> Value {
    try require(axis.count > 0 || axis.result == 0, "cannot resize an axis without elements")
    // However short the source, a kernel is worked out for every element of the result.
    try requireTable([axis.result, interpolation.mode == .nearest ? 1 : max(axis.count, 8)])
    let result =
      interpolation.mode == .nearest
      ? value.elements(at: try interpolation.nearest(on: axis), axis: axis.axis)
      : value.multiplied(along: axis.axis, by: try interpolation.matrix(on: axis))
    let isOutside = try interpolation.extrapolated(on: axis)
    guard isOutside.contains(true) else { return result }
    var aligned = [Int](repeating: 1, count: value.shape.rank)
    aligned[axis.axis] = axis.result
    return constant(Tensor(isOutside, shape: Shape(aligned)))
      .select(result.scalar(interpolation.extrapolation), result)
  }
}
