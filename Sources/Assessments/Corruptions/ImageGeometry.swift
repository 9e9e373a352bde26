import Foundation
import Tensors

// Strengths are ours: small movements after which a person still sees the same object.

/// An object that is not in the middle: moved in a direction of the sample's own.
struct Translation: ImageCorruption {
  let kind = CorruptionKind.translation
  let unit = CorruptionUnit.pixels
  let severities = [0.03, 0.06, 0.09, 0.12, 0.15]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let angle = 2 * Double.pi * random.uniform()
    let (down, right) = (strength * sin(angle), strength * cos(angle))
    image.warp { (y: $0 - down, x: $1 - right) }
  }
}

/// An object that is not upright: turned about the middle, to either side.
struct Rotation: ImageCorruption {
  let kind = CorruptionKind.rotation
  let unit = CorruptionUnit.degrees
  let severities = [5.0, 10, 15, 20, 30]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let side = random.uniform() < 0.5 ? -1.0 : 1
    let angle = side * strength * .pi / 180
    let (sine, cosine) = (sin(angle), cos(angle))
    image.warp { (y: cosine * $0 - sine * $1, x: sine * $0 + cosine * $1) }
  }
}

/// Something before the object: a square in the middle of the range, at a place of the sample's own.
struct OcclusionPatch: ImageCorruption {
  let kind = CorruptionKind.occlusion
  let unit = CorruptionUnit.shareOfArea
  let severities = [0.02, 0.05, 0.1, 0.15, 0.25]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let (first, second) = (random.uniform(), random.uniform())
    let rows = Self.covered(image.height, share: strength.squareRoot(), place: first)
    let columns = Self.covered(image.width, share: strength.squareRoot(), place: second)
    for channel in 0..<image.channels {
      for row in rows {
        for column in columns {
          image.values[(channel * image.height + row) * image.width + column] = 0.5
        }
      }
    }
  }

  /// The pixels of a line that are covered: at least one, wholly within.
  static func covered(_ count: Int, share: Double, place: Double) -> Range<Int> {
    let length = min(count, max(1, Int((Double(count) * share).rounded())))
    let start = Int(place * Double(count - length + 1))
    return start..<start + length
  }
}
