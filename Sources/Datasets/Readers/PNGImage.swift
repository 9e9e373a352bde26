import Images
import Tensors

/// A PNG file: its size is known at once, its pixels are decoded on demand.
struct PNGImage {
  /// `[channels, height, width]`: 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha.
  let shape: Shape
  private let path: String
  private let decoder: PNGDecoder

  init(path: String) throws {
    let file = try FileBytes(path: path)
    let bytes = try file.bytes(file.remainingAtMost)
    self.path = path
    decoder = try Self.naming(path) { try PNGDecoder(bytes) }
    shape = [decoder.channels, decoder.height, decoder.width]
  }

  /// The pixels in [0, 1], channel by channel; 16-bit images keep their precision.
  func values() throws -> [Float] {
    let samples = try Self.naming(path) { try decoder.samples() }
    let channels = decoder.channels
    let pixels = decoder.width * decoder.height
    let maximum = Float(decoder.maximum)
    var values = [Float](repeating: 0, count: samples.count)
    for channel in 0..<channels {
      for pixel in 0..<pixels {
        values[channel * pixels + pixel] = Float(samples[pixel * channels + channel]) / maximum
      }
    }
    return values
  }

  private static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as PNGError {
      throw DatasetError(path: path, .damaged(error.detail))
    }
  }
}
