import Foundation
import Tensors

// Kinds: Hendrycks and Dietterich 2019, arXiv:1903.12261. Their lengths are pixels of 224 × 224
// images; the shares of the shorter side here are ours, between theirs and those for 32 × 32.

/// A lens out of focus: the mean over a disc.
struct DefocusBlur: ImageCorruption {
  let kind = CorruptionKind.defocusBlur
  let unit = CorruptionUnit.pixels
  let severities = [0.015, 0.02, 0.03, 0.04, 0.05]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    image.filter(Self.disc(radius: strength))
  }

  /// A disc of about 200 points, evenly spread.
  static func disc(radius: Double) -> PixelKernel {
    let steps = -8...8
    let points = steps.flatMap { row in
      steps.map { (y: Double(row) / 8 * radius, x: Double($0) / 8 * radius) }
    }
    return PixelKernel(
      points: points.filter { $0.y * $0.y + $0.x * $0.x <= radius * radius * (1 + 1e-9) })
  }
}

/// A soft blur: the mean weighted by a normal distribution.
struct GaussianBlur: ImageCorruption {
  let kind = CorruptionKind.gaussianBlur
  let unit = CorruptionUnit.deviationInPixels
  let severities = [0.01, 0.015, 0.02, 0.0275, 0.035]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    image.filter(.gaussian(deviation: strength, isVertical: true))
    image.filter(.gaussian(deviation: strength, isVertical: false))
  }
}

/// A camera that moved: the mean along a line, in a direction of the sample's own.
struct MotionBlur: ImageCorruption {
  let kind = CorruptionKind.motionBlur
  let unit = CorruptionUnit.pixels
  let severities = [0.05, 0.075, 0.1, 0.15, 0.2]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let angle = Double.pi * random.uniform()
    image.filter(Self.line(length: strength, angle: angle))
  }

  /// A line of points at most a quarter of a pixel apart.
  static func line(length: Double, angle: Double) -> PixelKernel {
    let steps = max(8, Int((4 * length).rounded(.up)))
    return PixelKernel(
      points: (0...steps).map { step in
        let place = (Double(step) / Double(steps) - 0.5) * length
        return (y: place * sin(angle), x: place * cos(angle))
      })
  }
}

/// A camera that moved towards its object: the mean over eleven magnifications from 1 on.
struct ZoomBlur: ImageCorruption {
  let kind = CorruptionKind.zoomBlur
  let unit = CorruptionUnit.magnification
  let severities = [1.1, 1.15, 1.2, 1.25, 1.3]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let source = image
    var sum = [Float](repeating: 0, count: image.values.count)
    for step in 0...10 {
      let magnification = 1 + (strength - 1) * Double(step) / 10
      var zoomed = source
      if step > 0 { zoomed.warp { (y: $0 / magnification, x: $1 / magnification) } }
      for index in sum.indices { sum[index] += zoomed.values[index] }
    }
    image.values = sum.map { $0 / 11 }
  }
}

/// Too few pixels: the means of a coarser grid.
///
/// Strengths as in the source: the share of pixels that are left along each side.
struct Pixelation: ImageCorruption {
  let kind = CorruptionKind.pixelation
  let unit = CorruptionUnit.resolution
  let severities = [0.6, 0.5, 0.4, 0.3, 0.25]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let rows = Self.means(count: image.height, strength)
    let columns = Self.means(count: image.width, strength)
    let source = image.values
    let (height, width) = (image.height, image.width)
    for channel in 0..<image.channels {
      let plane = channel * height * width
      // Along rows first, then along columns: the mean over a rectangle is both.
      var across = [Float](repeating: 0, count: height * width)
      for row in 0..<height {
        for column in 0..<width {
          across[row * width + column] = columns[column].reduce(0) {
            $0 + $1.weight * source[plane + row * width + $1.index]
          }
        }
      }
      for row in 0..<height {
        for column in 0..<width {
          image.values[plane + row * width + column] = rows[row].reduce(0) {
            $0 + $1.weight * across[$1.index * width + column]
          }
        }
      }
    }
  }

  /// For each pixel of a line, the pixels whose mean its coarser cell is, with their weights.
  static func means(count: Int, _ share: Double) -> [[(index: Int, weight: Float)]] {
    let cells = max(1, Int((Double(count) * share).rounded(.down)))
    let width = Double(count) / Double(cells)
    return (0..<count).map { pixel in
      let cell = min(cells - 1, Int((Double(pixel) + 0.5) / width))
      let (start, end) = (Double(cell) * width, Double(cell + 1) * width)
      return (Int(start)..<min(count, Int(end.rounded(.up)))).compactMap { index in
        let overlap = min(end, Double(index + 1)) - max(start, Double(index))
        return overlap > 0 ? (index, Float(overlap / width)) : nil
      }
    }
  }
}
