import Foundation
import Tensors

/// The loss of JPEG: the cosine coefficients of 8 × 8 blocks, rounded to multiples of their steps.
///
///     Y = C X Cᵀ,   Y' = round(Y / S) S,   X' = Cᵀ Y' C,   X = 255 x − 128
///
/// with C the orthonormal cosine transform and S the luminance table of the standard, scaled to a
/// quality as the Independent JPEG Group does. Ours: every channel is treated like luminance, and
/// edges are continued to whole blocks; coding is without loss and left out.
///
/// - Source: ITU-T T.81 (1992), annex K.1; qualities of Hendrycks and Dietterich 2019.
struct BlockQuantisation: ImageCorruption {
  let kind = CorruptionKind.blockQuantisation
  let unit = CorruptionUnit.quality
  let severities = [25.0, 18, 15, 10, 7]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    Self.quantise(&image, steps: Self.steps(quality: strength))
  }

  static let table: [Double] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ]

  /// The steps of a quality from 1 to 100, row by row.
  static func steps(quality: Double) -> [Double] {
    let scale = quality < 50 ? 5_000 / quality : 200 - 2 * quality
    return table.map { min(max((($0 * scale + 50) / 100).rounded(.down), 1), 255) }
  }

  /// C[k][n] = √(2/8) cos((2n + 1) k π / 16), the first row √(1/8).
  static let transform: [[Double]] = (0..<8).map { k in
    (0..<8).map { n in
      let scale = (k == 0 ? 0.125 : 0.25).squareRoot()
      return scale * cos(Double((2 * n + 1) * k) * .pi / 16)
    }
  }

  static func quantise(_ image: inout PixelGrid, steps: [Double]) {
    for channel in 0..<image.channels {
      for top in stride(from: 0, to: image.height, by: 8) {
        for left in stride(from: 0, to: image.width, by: 8) {
          let places = (0..<64).map { index in
            let row = min(top + index / 8, image.height - 1)
            let column = min(left + index % 8, image.width - 1)
            return (channel * image.height + row) * image.width + column
          }
          let block = quantised(
            places.map { 255 * Double(image.values[$0]) - 128 }, steps: steps)
          for index in 0..<64
          where top + index / 8 < image.height && left + index % 8 < image.width {
            image.values[places[index]] = Float((block[index] + 128) / 255)
          }
        }
      }
    }
  }

  /// A block there and back, its coefficients rounded.
  static func quantised(_ block: [Double], steps: [Double]) -> [Double] {
    let coefficients = transformed(block, isInverse: false)
    let rounded = zip(coefficients, steps).map { ($0 / $1).rounded() * $1 }
    return transformed(rounded, isInverse: true)
  }

  /// C X Cᵀ, or Cᵀ X C.
  static func transformed(_ block: [Double], isInverse: Bool) -> [Double] {
    func entry(_ k: Int, _ n: Int) -> Double { isInverse ? transform[n][k] : transform[k][n] }
    var half = [Double](repeating: 0, count: 64)
    var result = half
    for k in 0..<8 {
      for column in 0..<8 {
        half[k * 8 + column] = (0..<8).reduce(0.0) { $0 + entry(k, $1) * block[$1 * 8 + column] }
      }
    }
    for row in 0..<8 {
      for k in 0..<8 {
        result[row * 8 + k] = (0..<8).reduce(0.0) { $0 + half[row * 8 + $1] * entry(k, $1) }
      }
    }
    return result
  }
}
