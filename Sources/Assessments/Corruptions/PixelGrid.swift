import Foundation
import Tensors

/// An image of `[channels, height, width]` with values from 0 to 1; beyond its edges the values at
/// the edges go on.
struct PixelGrid: Hashable, Sendable {
  let channels: Int
  let height: Int
  let width: Int
  var values: [Float]

  init(_ values: [Float], shape: Shape) {
    (channels, height, width) = (shape[0], shape[1], shape[2])
    self.values = values
  }

  /// The value between pixels, linear in both directions.
  func value(_ channel: Int, y: Double, x: Double) -> Float {
    let (row, column) = (y.rounded(.down), x.rounded(.down))
    let (below, right) = (Float(y - row), Float(x - column))
    let rows = (clamped(Int(row), height), clamped(Int(row) + 1, height))
    let columns = (clamped(Int(column), width), clamped(Int(column) + 1, width))
    let plane = channel * height
    let upper = (plane + rows.0) * width
    let lower = (plane + rows.1) * width
    let top = values[upper + columns.0] * (1 - right) + values[upper + columns.1] * right
    let bottom = values[lower + columns.0] * (1 - right) + values[lower + columns.1] * right
    return top * (1 - below) + bottom * below
  }

  private func clamped(_ index: Int, _ count: Int) -> Int { min(max(index, 0), count - 1) }

  /// Each pixel replaced by the value at the place that the function names, relative to the centre.
  mutating func warp(_ place: (_ y: Double, _ x: Double) -> (y: Double, x: Double)) {
    let source = self
    let (middle, centre) = (Double(height - 1) / 2, Double(width - 1) / 2)
    for row in 0..<height {
      for column in 0..<width {
        let from = place(Double(row) - middle, Double(column) - centre)
        for channel in 0..<channels {
          values[(channel * height + row) * width + column] = source.value(
            channel, y: from.y + middle, x: from.x + centre)
        }
      }
    }
  }

  /// Convolves every channel with a kernel.
  mutating func filter(_ kernel: PixelKernel) {
    let reach = kernel.reach
    let wide = width + 2 * reach
    for channel in 0..<channels {
      let padded = padded(channel, by: reach)
      let plane = channel * height * width
      var target = [Float](repeating: 0, count: height * width)
      for tap in kernel.taps {
        for row in 0..<height {
          let from = (row + reach + tap.y) * wide + reach + tap.x
          for column in 0..<width {
            target[row * width + column] += tap.weight * padded[from + column]
          }
        }
      }
      values.replaceSubrange(plane..<plane + height * width, with: target)
    }
  }

  /// A channel with its edges continued.
  private func padded(_ channel: Int, by reach: Int) -> [Float] {
    (-reach..<height + reach).flatMap { row -> [Float] in
      let start = (channel * height + clamped(row, height)) * width
      return (-reach..<width + reach).map { values[start + clamped($0, width)] }
    }
  }
}

/// The weights of a convolution at whole distances; they sum to 1.
struct PixelKernel: Hashable, Sendable {
  struct Tap: Hashable, Sendable {
    var y: Int
    var x: Int
    var weight: Float
  }

  let taps: [Tap]
  /// The largest distance of a tap along an axis.
  let reach: Int

  /// Equal weights at places between pixels, each dealt out linearly to the four around it.
  init(points: [(y: Double, x: Double)]) {
    let furthest = points.map { max(abs($0.y), abs($0.x)) }.max() ?? 0
    let reach = Int(furthest.rounded(.up)) + 1
    let side = 2 * reach + 1
    var weights = [Double](repeating: 0, count: side * side)
    for point in points {
      let (row, column) = (point.y.rounded(.down), point.x.rounded(.down))
      let (below, right) = (point.y - row, point.x - column)
      let start = (Int(row) + reach) * side + Int(column) + reach
      weights[start] += (1 - below) * (1 - right)
      weights[start + 1] += (1 - below) * right
      weights[start + side] += below * (1 - right)
      weights[start + side + 1] += below * right
    }
    self.init(weights: weights, reach: reach)
  }

  /// A square of weights, row by row.
  private init(weights: [Double], reach: Int) {
    let side = 2 * reach + 1
    let sum = weights.reduce(0, +)
    self.reach = reach
    taps = weights.enumerated().filter { $0.element > 0 }.map { index, weight in
      Tap(y: index / side - reach, x: index % side - reach, weight: Float(weight / sum))
    }
  }

  /// A normal distribution along one axis; weights beyond four standard deviations are dropped.
  static func gaussian(deviation: Double, isVertical: Bool) -> PixelKernel {
    let reach = max(1, Int((4 * deviation).rounded(.up)))
    let side = 2 * reach + 1
    var weights = [Double](repeating: 0, count: side * side)
    for distance in -reach...reach {
      let index =
        isVertical ? (distance + reach) * side + reach : reach * side + distance + reach
      weights[index] = exp(-0.5 * Double(distance * distance) / (deviation * deviation))
    }
    return PixelKernel(weights: weights, reach: reach)
  }
}
