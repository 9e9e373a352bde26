import Foundation
import Tensors

/// How values between the elements of an axis follow from those around them.
struct Interpolation {
  enum Mode: String {
    case nearest, linear, cubic
  }

  var mode = Mode.nearest
  /// Which place of the source a place of the result stands for.
  var coordinates = "half_pixel"
  /// To which neighbour a place between two goes.
  var rounding = "round_prefer_floor"
  /// The parameter a of the cubic kernel.
  var cubicCoefficient = -0.75
  /// Whether shrinking takes the mean of all that falls into a pixel.
  var antialiases = false
  /// Whether neighbours beyond the ends are left out, and not replaced by the end's element.
  var excludesOutside = false
  /// What lies outside of the source where a region reaches beyond it.
  var extrapolation = 0.0
}

/// One axis to be resized: from `count` to `result` elements.
struct ResizedAxis {
  var axis: Int
  var count: Int
  var result: Int
  var scale: Double
  /// The part of the source that is taken, from 0 to 1.
  var region: (start: Double, end: Double) = (0, 1)

  /// Whether the axis stays as it is.
  func isIdentity(_ interpolation: Interpolation) -> Bool {
    let isWhole = region.start == 0 && region.end == 1
    return count == result && abs(scale - 1) < 1e-9
      && (isWhole || interpolation.coordinates != "tf_crop_and_resize")
  }
}

extension Interpolation {
  /// The place x of the source that a place i of the result stands for.
  ///
  /// - Throws: `NodeError` for a mode that does not exist.
  func place(_ index: Int, on axis: ResizedAxis) throws -> Double {
    let (i, scale) = (Double(index), axis.scale)
    let last = Double(axis.count - 1)
    let length = scale * Double(axis.count)
    switch coordinates {
    case "half_pixel": return (i + 0.5) / scale - 0.5
    case "pytorch_half_pixel": return length == 1 ? -0.5 : (i + 0.5) / scale - 0.5
    case "half_pixel_symmetric":
      let offset = Double(axis.count) / 2 * (1 - Double(axis.result) / length)
      return offset + (i + 0.5) / scale - 0.5
    case "tf_half_pixel_for_nn": return (i + 0.5) / scale
    case "align_corners": return length == 1 ? 0 : i * last / (length - 1)
    case "asymmetric": return i / scale
    case "tf_crop_and_resize":
      let extent = (axis.region.end - axis.region.start) * last
      let step = length == 1 ? extent / 2 : i * extent / (length - 1)
      return step + axis.region.start * last
    default:
      throw NodeError(reason: "there is no coordinate transformation '\(coordinates)'")
    }
  }

  /// The nearest element of the source for each element of the result.
  func nearest(on axis: ResizedAxis) throws -> [Int] {
    try (0..<axis.result).map { index in
      let place = try place(index, on: axis)
      let rounded =
        switch rounding {
        case "floor": place.rounded(.down)
        case "ceil": place.rounded(.up)
        case "round_prefer_floor": (place - 0.5).rounded(.up)
        case "round_prefer_ceil": (place + 0.5).rounded(.down)
        default: throw NodeError(reason: "there is no rounding '\(rounding)'")
        }
      return min(max(Int(Self.bounded(rounded)), 0), axis.count - 1)
    }
  }

  /// A place that integers can state, far outside of any source at most; what is no number is 0.
  private static func bounded(_ place: Double) -> Double {
    place.isNaN ? 0 : min(max(place, -0x1p40), 0x1p40)
  }

  /// Which elements of the result lie outside of the source.
  func extrapolated(on axis: ResizedAxis) throws -> [Bool] {
    try (0..<axis.result).map { index in
      guard coordinates == "tf_crop_and_resize" else { return false }
      let place = try place(index, on: axis)
      return place < 0 || place > Double(axis.count - 1)
    }
  }

  /// The matrix `[result, count]` that makes the result's elements of the source's.
  func matrix(on axis: ResizedAxis) throws -> Tensor {
    var weights = [Double](repeating: 0, count: axis.result * axis.count)
    for row in 0..<axis.result {
      let place = Self.bounded(try place(row, on: axis))
      // The last element before the place, and how far it is away: more than 0, at most 1.
      let left = place.rounded(.up) - 1
      var taps = kernel(ratio: place - left, scale: axis.scale)
      let start = Int(left) - taps.count / 2 + 1
      if excludesOutside {
        taps = taps.indices.map { (0..<axis.count).contains(start + $0) ? taps[$0] : 0 }
        let sum = taps.reduce(0, +)
        taps = taps.map { $0 / (sum == 0 ? 1 : sum) }
      }
      for (tap, weight) in taps.enumerated() {
        let column = min(max(start + tap, 0), axis.count - 1)
        weights[row * axis.count + column] += weight
      }
    }
    return Tensor(weights, shape: [axis.result, axis.count])
  }

  /// The weights of the elements around a place, an even number of them.
  ///
  /// A kernel is as wide as in the source when an image grows; where it shrinks and shall not
  /// alias, the kernel is as wide in the result, and its weights are made to add up to 1.
  private func kernel(ratio: Double, scale: Double) -> [Double] {
    let radius = mode == .cubic ? 2 : 1
    let narrowing = antialiases ? min(scale, 1) : 1
    let first = Int((-Double(radius) / narrowing).rounded(.down)) + 1
    let weights = (first..<2 - first).map { tap in
      weight(abs(Double(tap) - ratio) * narrowing)
    }
    guard antialiases else { return weights }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The kernel at a distance: a triangle, or the cubic convolution kernel.
  ///
  /// - Source: Keys 1981, "Cubic convolution interpolation for digital image processing".
  private func weight(_ x: Double) -> Double {
    guard mode == .cubic else { return max(1 - x, 0) }
    let a = cubicCoefficient
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0
  }
}
