import CPNG

/// A PNG file in memory: its size is known at once, its samples are decoded on demand.
///
/// Grey, colour, palette and alpha pictures of every depth are read: palettes become colours, 1, 2
/// and 4 bits become 8, 16 bits stay. Gamma is left alone.
package struct PNGDecoder: Sendable {
  package let width: Int
  package let height: Int
  /// 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha.
  package let channels: Int
  /// The largest sample: 255 or 65535.
  package var maximum: UInt16 { isWide ? .max : 255 }

  private let bytes: [UInt8]
  private let rowBytes: Int
  private let isWide: Bool

  /// Beyond this many pixels a file is refused: a small file can claim a huge picture.
  static let maximumPixelCount = 1 << 28

  /// Reads a file's header.
  ///
  /// - Throws: `PNGError` where the bytes are no PNG file, too few, or too large a picture.
  package init(_ bytes: [UInt8]) throws {
    var header = assay_png_header()
    try Self.read(bytes, into: nil, &header)
    self.bytes = bytes
    (width, height) = (Int(header.width), Int(header.height))
    channels = Int(header.channels)
    rowBytes = header.row_bytes
    isWide = header.bit_depth == 16
    // Both are below 2³¹, so that their product does not overflow.
    guard width * height <= Self.maximumPixelCount else {
      throw PNGError(.tooLarge, "\(width) × \(height) pixels")
    }
    // Deflate expands at most 1032 times: a header that promises more is not believed.
    guard rowBytes * height / 1032 <= bytes.count else {
      throw PNGError(.unreadable, "it is too short for a picture of \(width) × \(height) pixels")
    }
  }

  /// The samples, row by row from the top, channels interleaved.
  ///
  /// - Throws: `PNGError` where the file is damaged.
  package func samples() throws -> [UInt16] {
    let rows = try rows()
    guard isWide else { return rows.map(UInt16.init) }
    return stride(from: 0, to: rows.count, by: 2).map {
      UInt16(rows[$0]) << 8 | UInt16(rows[$0 + 1])
    }
  }

  /// The picture in 8 bits; grey with alpha becomes RGBA.
  func image() throws -> Image {
    var samples = try rows()
    if isWide {
      samples = try self.samples().map { UInt8((Int($0) * 255 + 32767) / 65535) }
    }
    if channels == 2 {
      samples = stride(from: 0, to: samples.count, by: 2).flatMap {
        [samples[$0], samples[$0], samples[$0], samples[$0 + 1]]
      }
    }
    guard let channels = Image.Channels(rawValue: channels == 2 ? 4 : channels) else {
      throw PNGError(.unreadable, "\(channels) channels")
    }
    return Image(width: width, height: height, channels: channels, samples: samples)
  }

  private func rows() throws -> [UInt8] {
    var rows = [UInt8](repeating: 0, count: rowBytes * height)
    var header = assay_png_header()
    try rows.withUnsafeMutableBufferPointer { try Self.read(bytes, into: $0, &header) }
    return rows
  }

  /// Reads the header, and the rows where there is room for them.
  private static func read(
    _ bytes: [UInt8], into rows: UnsafeMutableBufferPointer<UInt8>?,
    _ header: inout assay_png_header
  ) throws {
    var message = [CChar](repeating: 0, count: 128)
    let status = assay_png_read(
      bytes, bytes.count, &header, rows?.baseAddress, rows?.count ?? 0, &message, message.count)
    guard status == 0 else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw PNGError(.unreadable, String(decoding: text, as: UTF8.self))
    }
  }
}
