/// A picture of 8-bit samples, row by row from the top, channels interleaved.
package struct Image: Hashable, Sendable {
  /// What the samples of one pixel are.
  package enum Channels: Int, Hashable, Sendable, CaseIterable {
    case grey = 1
    case rgb = 3
    /// Colour with straight (not premultiplied) alpha.
    case rgba = 4
  }

  package let width: Int
  package let height: Int
  package let channels: Channels
  /// `height` rows of `width` pixels of `channels.rawValue` samples.
  package var samples: [UInt8]

  /// - Precondition: there are as many samples as the size needs, and at least one.
  package init(width: Int, height: Int, channels: Channels, samples: [UInt8]) {
    precondition(
      width > 0 && height > 0 && samples.count == width * height * channels.rawValue,
      "expected \(width) × \(height) × \(channels.rawValue) samples, got \(samples.count)")
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }

  /// A picture of one colour, whose number of samples chooses the channels.
  package init(width: Int, height: Int, filledWith pixel: [UInt8]) {
    guard let channels = Channels(rawValue: pixel.count) else {
      preconditionFailure("expected a pixel of 1, 3 or 4 samples, got \(pixel.count)")
    }
    var samples: [UInt8] = []
    samples.reserveCapacity(width * height * pixel.count)
    for _ in 0..<width * height { samples += pixel }
    self.init(width: width, height: height, channels: channels, samples: samples)
  }

  /// The samples of one pixel.
  package subscript(x: Int, y: Int) -> [UInt8] {
    get {
      let start = offset(x, y)
      return Array(samples[start..<start + channels.rawValue])
    }
    set {
      precondition(newValue.count == channels.rawValue, "expected \(channels), got \(newValue)")
      samples.replaceSubrange(offset(x, y)..<offset(x, y) + channels.rawValue, with: newValue)
    }
  }

  private func offset(_ x: Int, _ y: Int) -> Int {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height, "(\(x), \(y)) in \(width) × \(height)")
    return (y * width + x) * channels.rawValue
  }
}

extension Image {
  /// Each pixel repeated to a square of `factor` × `factor`: nearest-neighbour enlargement.
  package func enlarged(by factor: Int) -> Image {
    precondition(factor > 0, "expected a positive factor, got \(factor)")
    let size = channels.rawValue
    var result: [UInt8] = []
    result.reserveCapacity(samples.count * factor * factor)
    for y in 0..<height {
      var row: [UInt8] = []
      for x in 0..<width {
        let pixel = samples[(y * width + x) * size..<(y * width + x + 1) * size]
        for _ in 0..<factor { row.append(contentsOf: pixel) }
      }
      for _ in 0..<factor { result.append(contentsOf: row) }
    }
    return Image(
      width: width * factor, height: height * factor, channels: channels, samples: result)
  }

  /// The same picture in three channels; alpha is laid over white.
  package var rgb: Image {
    var result: [UInt8] = []
    result.reserveCapacity(width * height * 3)
    switch channels {
    case .rgb: return self
    case .grey:
      for sample in samples { result.append(contentsOf: repeatElement(sample, count: 3)) }
    case .rgba:
      for start in stride(from: 0, to: samples.count, by: 4) {
        let alpha = Int(samples[start + 3])
        for sample in samples[start..<start + 3] {
          result.append(UInt8((Int(sample) * alpha + 255 * (255 - alpha) + 127) / 255))
        }
      }
    }
    return Image(width: width, height: height, channels: .rgb, samples: result)
  }

  /// Copies another picture of the same channels into this one, its corner at (x, y).
  package mutating func draw(_ other: Image, atX x: Int, y: Int) {
    precondition(
      other.channels == channels && x >= 0 && y >= 0 && x + other.width <= width
        && y + other.height <= height, "a picture drawn beyond the edge, or of other channels")
    let size = channels.rawValue
    for row in 0..<other.height {
      let source = row * other.width * size
      let target = ((y + row) * width + x) * size
      samples.replaceSubrange(
        target..<target + other.width * size,
        with: other.samples[source..<source + other.width * size])
    }
  }
}
