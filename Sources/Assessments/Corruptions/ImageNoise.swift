import Foundation
import Tensors

// Strengths of all four: Hendrycks and Dietterich 2019, arXiv:1903.12261 (ImageNet-C).

/// Noise of a sensor in the dark: x + N(0, σ²).
struct GaussianNoise: ImageCorruption {
  let kind = CorruptionKind.gaussianNoise
  let unit = CorruptionUnit.deviationOfRange
  let severities = [0.08, 0.12, 0.18, 0.26, 0.38]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let noise = random.normals(image.values.count)
    for index in image.values.indices { image.values[index] += Float(strength) * noise[index] }
  }
}

/// Noise of counted light: Poisson(c x) / c.
struct ShotNoise: ImageCorruption {
  let kind = CorruptionKind.shotNoise
  let unit = CorruptionUnit.counts
  let severities = [60.0, 25, 12, 5, 3]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    for index in image.values.indices {
      let count = Self.count(mean: strength * Double(image.values[index]), random.uniform())
      image.values[index] = Float(Double(count) / strength)
    }
  }

  /// The Poisson-distributed count whose cumulative probability first exceeds u.
  static func count(mean: Double, _ u: Double) -> Int {
    var probability = exp(-max(mean, 0))
    var cumulative = probability
    var count = 0
    // Beyond the largest sum that rounding lets the probabilities reach, the count stays.
    while u >= cumulative, probability > 1e-18 || Double(count) < mean {
      count += 1
      probability *= mean / Double(count)
      cumulative += probability
    }
    return count
  }
}

/// Broken pixels: a share of the values becomes 0 or 1, with equal chance.
struct ImpulseNoise: ImageCorruption {
  let kind = CorruptionKind.impulseNoise
  let unit = CorruptionUnit.shareOfValues
  let severities = [0.03, 0.06, 0.09, 0.17, 0.27]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    for index in image.values.indices {
      let (chance, side) = (random.uniform(), random.uniform())
      if chance < strength { image.values[index] = side < 0.5 ? 0 : 1 }
    }
  }
}

/// Noise in proportion to the value: x + x N(0, σ²).
struct SpeckleNoise: ImageCorruption {
  let kind = CorruptionKind.speckleNoise
  let unit = CorruptionUnit.deviationOfValue
  let severities = [0.15, 0.2, 0.35, 0.45, 0.6]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let noise = random.normals(image.values.count)
    for index in image.values.indices {
      image.values[index] += image.values[index] * Float(strength) * noise[index]
    }
  }
}

extension RandomStream {
  /// Independent numbers of the standard normal distribution.
  mutating func normals(_ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      fillNormals(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }
}
