import CPNG
import Tensors

/// A PNG file: its size is known at once, its pixels are decoded on demand.
struct PNGImage {
  /// `[channels, height, width]`: 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha.
  let shape: Shape
  private let path: String
  private let bytes: [UInt8]
  private let header: assay_png_header

  init(path: String) throws {
    let file = try FileBytes(path: path)
    self.path = path
    bytes = try file.bytes(file.remainingAtMost)
    var header = assay_png_header()
    var message = [CChar](repeating: 0, count: 128)
    let status = assay_png_read(bytes, bytes.count, &header, nil, 0, &message, message.count)
    guard status == 0 else { throw Self.error(path, message) }
    self.header = header
    shape = [Int(header.channels), Int(header.height), Int(header.width)]
    // Deflate expands at most 1032 times: a header that promises more is not believed.
    let size = header.row_bytes.multipliedReportingOverflow(by: Int(header.height))
    guard !size.overflow, size.partialValue / 1032 <= bytes.count else {
      throw DatasetError(path: path, .damaged("it is too short for an image of shape \(shape)"))
    }
  }

  /// The pixels in [0, 1], channel by channel; 16-bit images keep their precision.
  func values() throws -> [Float] {
    let height = shape[1]
    let width = shape[2]
    let channels = shape[0]
    var header = header
    var pixels = [UInt8](repeating: 0, count: header.row_bytes * height)
    var message = [CChar](repeating: 0, count: 128)
    let status = assay_png_read(
      bytes, bytes.count, &header, &pixels, pixels.count, &message, message.count)
    guard status == 0 else { throw Self.error(path, message) }
    let isWide = header.bit_depth == 16
    var values = [Float](repeating: 0, count: shape.count)
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<channels {
          let sample = column * channels + channel
          let start = row * header.row_bytes + (isWide ? 2 * sample : sample)
          values[(channel * height + row) * width + column] =
            isWide
            ? Float(UInt16(pixels[start]) << 8 | UInt16(pixels[start + 1])) / 65535
            : Float(pixels[start]) / 255
        }
      }
    }
    return values
  }

  private static func error(_ path: String, _ message: [CChar]) -> DatasetError {
    let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return DatasetError(path: path, .damaged(String(decoding: text, as: UTF8.self)))
  }
}
