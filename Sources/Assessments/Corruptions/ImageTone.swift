import Foundation
import Tensors

/// Less contrast: the mean of each channel and a part of the differences from it.
///
/// - Source: Hendrycks and Dietterich 2019, arXiv:1903.12261, with its strengths.
struct ContrastLoss: ImageCorruption {
  let kind = CorruptionKind.contrast
  let unit = CorruptionUnit.factor
  let severities = [0.4, 0.3, 0.2, 0.1, 0.05]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let size = image.height * image.width
    for plane in stride(from: 0, to: image.values.count, by: size) {
      let mean = image.values[plane..<plane + size].reduce(0, +) / Float(size)
      for index in plane..<plane + size {
        image.values[index] = mean + Float(strength) * (image.values[index] - mean)
      }
    }
  }
}

/// More light: a share of the range is added to all values alike.
///
/// - Source: Hendrycks and Dietterich 2019, arXiv:1903.12261, with its strengths; there the value
///   channel of the colour is raised, here every channel, as images need not be coloured.
struct BrightnessGain: ImageCorruption {
  let kind = CorruptionKind.brightness
  let unit = CorruptionUnit.shareOfRange
  let severities = [0.1, 0.2, 0.3, 0.4, 0.5]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    for index in image.values.indices { image.values[index] += Float(strength) }
  }
}

/// Haze before the object: x (1 − o) + o, with an opacity o that varies smoothly over the image.
///
/// The opacity is the strength times 1 ± 1/4 by a sum of three waves of the sample's own. Ours:
/// Hendrycks and Dietterich 2019 mix a fractal of a fixed size in; the law of the mixture is that
/// of Koschmieder 1924 with a white sky.
struct Haze: ImageCorruption {
  let kind = CorruptionKind.haze
  let unit = CorruptionUnit.opacity
  let severities = [0.15, 0.3, 0.45, 0.6, 0.75]

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream) {
    let waves = (0..<3).map { _ in
      (
        y: 4 * random.uniform() - 2, x: 4 * random.uniform() - 2, phase: random.uniform()
      )
    }
    for row in 0..<image.height {
      for column in 0..<image.width {
        let (y, x) = (Double(row) / Double(image.height), Double(column) / Double(image.width))
        let sum = waves.reduce(0.0) { total, wave in
          total + cos(2 * .pi * (wave.y * y + wave.x * x + wave.phase))
        }
        let opacity = Float(strength * (1 + sum / 12))
        for channel in 0..<image.channels {
          let index = (channel * image.height + row) * image.width + column
          image.values[index] += opacity * (1 - image.values[index])
        }
      }
    }
  }
}
