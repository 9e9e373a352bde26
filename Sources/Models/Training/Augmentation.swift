import ConfigurationFiles
import Foundation
package import Tensors

/// Small random changes of training images that do not change their class.
public struct Augmentation: Hashable, Sendable, Codable {
  /// The largest shift along each axis, in pixels.
  public var shift = 0.0
  /// The largest rotation either way, in degrees.
  public var rotation = 0.0
  /// The largest relative change of size.
  public var scale = 0.0
  /// Whether half of the images are mirrored left to right.
  public var flip = false
  /// The standard deviation of Gaussian noise, in the inputs' units.
  public var noise = 0.0

  public init(
    shift: Double = 0, rotation: Double = 0, scale: Double = 0, flip: Bool = false,
    noise: Double = 0
  ) {
    self.shift = shift
    self.rotation = rotation
    self.scale = scale
    self.flip = flip
    self.noise = noise
  }

  init(_ node: ConfigurationNode) throws {
    let keys = try node.mapping(keys: ["shift", "rotation", "scale", "flip", "noise"])
    shift = try keys.number("shift", in: 0...) ?? 0
    rotation = try keys.number("rotation", in: 0...180) ?? 0
    scale = try keys.number("scale", in: 0..<1) ?? 0
    flip = try keys.boolean("flip") ?? false
    noise = try keys.number("noise", in: 0...) ?? 0
  }

  /// Whether anything but noise is asked for, which needs the axes of an image.
  package var movesPixels: Bool { shift > 0 || rotation > 0 || scale > 0 || flip }

  /// One sample changed at random; the same stream makes the same change.
  ///
  /// Pixels are sampled bilinearly; beyond the border the border's pixels repeat.
  ///
  /// - Parameters:
  ///   - sample: The sample's elements, which are replaced.
  ///   - shape: `[C, H, W]`, or any shape if only noise is added.
  ///   - range: The valid values, where noise is cut off.
  ///   - random: The sample's own stream.
  package func apply(
    to sample: UnsafeMutableBufferPointer<Float>, shape: Shape, range: ValueRange?,
    using random: inout RandomStream
  ) {
    if movesPixels { move(sample, shape, using: &random) }
    guard noise > 0 else { return }
    let lower = range?.lower.map { Float($0) } ?? -.infinity
    let upper = range?.upper.map { Float($0) } ?? .infinity
    for index in sample.indices {
      let value = sample[index] + Float(noise * random.normal())
      sample[index] = min(max(value, lower), upper)
    }
  }

  private func move(
    _ sample: UnsafeMutableBufferPointer<Float>, _ shape: Shape, using random: inout RandomStream
  ) {
    let map = affineMap(height: shape[1], width: shape[2], using: &random)
    let source = Array(sample)
    let plane = shape[1] * shape[2]
    for row in 0..<shape[1] {
      for column in 0..<shape[2] {
        let (y, x) = map(Float(row), Float(column))
        let corners = BilinearCorners(y: y, x: x, height: shape[1], width: shape[2])
        for channel in 0..<shape[0] {
          let start = channel * plane
          sample[start + row * shape[2] + column] = corners.value(in: source, from: start)
        }
      }
    }
  }

  /// From a pixel of the result to the place in the original that it shows.
  private func affineMap(
    height: Int, width: Int, using random: inout RandomStream
  ) -> (Float, Float) -> (Float, Float) {
    func symmetric(_ bound: Double) -> Double { (random.uniform() * 2 - 1) * bound }
    let angle = symmetric(rotation) * .pi / 180
    let size = 1 + symmetric(scale)
    let (down, right) = (Float(symmetric(shift)), Float(symmetric(shift)))
    let mirror: Float = flip && random.uniform() < 0.5 ? -1 : 1
    let (cosine, sine) = (Float(cos(angle) * size), Float(sin(angle) * size))
    let (middleY, middleX) = (Float(height - 1) / 2, Float(width - 1) / 2)
    return { row, column in
      let (y, x) = (row - middleY, (column - middleX) * mirror)
      return (sine * x + cosine * y + middleY + down, cosine * x - sine * y + middleX + right)
    }
  }
}

/// The four pixels around a place between pixels, with their weights.
private struct BilinearCorners {
  private let offsets: SIMD4<Int>
  private let weights: SIMD4<Float>

  init(y: Float, x: Float, height: Int, width: Int) {
    let top = min(max(y, 0), Float(height - 1))
    let left = min(max(x, 0), Float(width - 1))
    let (row, column) = (Int(top), Int(left))
    let (nextRow, nextColumn) = (min(row + 1, height - 1), min(column + 1, width - 1))
    let (v, u) = (top - Float(row), left - Float(column))
    offsets = SIMD4(
      row * width + column, row * width + nextColumn, nextRow * width + column,
      nextRow * width + nextColumn)
    weights = SIMD4((1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u)
  }

  func value(in source: [Float], from start: Int) -> Float {
    source[start + offsets[0]] * weights[0] + source[start + offsets[1]] * weights[1]
      + source[start + offsets[2]] * weights[2] + source[start + offsets[3]] * weights[3]
  }
}
