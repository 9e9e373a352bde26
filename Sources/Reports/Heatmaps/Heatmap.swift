import Images

/// Numbers on a grid of pixels, drawn with a shared scale.
struct Heatmap: Hashable, Sendable {
  var width: Int
  var height: Int
  /// Row by row.
  var values: [Double]

  /// The map alone, each pixel a square, the strongest twentieth outlined.
  func image(_ scale: HeatmapScale, enlargedBy factor: Int) -> Image {
    var image = Image(
      width: width, height: height, channels: .rgb, samples: values.flatMap(scale.colour)
    ).enlarged(by: factor)
    outline(on: &image, factor: factor)
    return image
  }

  /// The map over a picture of the input: the stronger the attribution, the more opaque.
  ///
  /// - Precondition: the input has the size of the map.
  func overlay(on input: Image, _ scale: HeatmapScale, enlargedBy factor: Int) -> Image {
    precondition(
      input.width == width && input.height == height, "a map and an input of different sizes")
    // Grey, so that colour means attribution alone.
    let grey = input.rgb.samples
    var samples: [UInt8] = []
    for (pixel, value) in values.enumerated() {
      let sums = (0..<3).map { Int(grey[3 * pixel + $0]) }
      let base = Double(sums[0] * 299 + sums[1] * 587 + sums[2] * 114) / 1000
      let opacity = min(1, abs(value) / scale.value) * 0.9
      samples += scale.colour(value).map {
        UInt8((base * (1 - opacity) + Double($0) * opacity).rounded())
      }
    }
    var image = Image(width: width, height: height, channels: .rgb, samples: samples)
      .enlarged(by: factor)
    outline(on: &image, factor: factor)
    return image
  }

  /// For each pixel 1 or −1 where it is among the strongest twentieth, else 0.
  ///
  /// Where ties make it more than a tenth, nothing stands out and nothing is marked.
  var strongest: [Int] {
    let threshold = HeatmapScale.percentile(of: values.map(abs), 0.95)
    let marks = values.map { abs($0) >= threshold && $0 != 0 ? ($0 > 0 ? 1 : -1) : 0 }
    let count = marks.count { $0 != 0 }
    return count * 10 > marks.count ? marks.map { _ in 0 } : marks
  }

  /// Draws the borders of the strongest regions: solid round positive, dashed round negative ones.
  private func outline(on image: inout Image, factor: Int) {
    guard factor >= 3 else { return }
    let marks = strongest
    func mark(_ x: Int, _ y: Int) -> Int {
      x < 0 || y < 0 || x >= width || y >= height ? 0 : marks[y * width + x]
    }
    for y in 0..<height {
      for x in 0..<width where mark(x, y) != 0 {
        let own = mark(x, y)
        for step in 0..<factor where own > 0 || (step + x * factor + y * factor) % 4 < 2 {
          let (left, top) = (x * factor, y * factor)
          if mark(x - 1, y) != own { image[left, top + step] = Self.ink }
          if mark(x + 1, y) != own { image[left + factor - 1, top + step] = Self.ink }
          if mark(x, y - 1) != own { image[left + step, top] = Self.ink }
          if mark(x, y + 1) != own { image[left + step, top + factor - 1] = Self.ink }
        }
      }
    }
  }

  private static let ink: [UInt8] = [20, 20, 20]
}
