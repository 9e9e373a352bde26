import CPNG

/// A PNG file: its picture and what its text chunks say.
package struct PNGFile: Hashable, Sendable {
  package var image: Image
  package var texts: [PNGText]

  package init(_ image: Image, texts: [PNGText] = []) {
    self.image = image
    self.texts = texts
  }

  /// The bytes of the file; the same picture and texts give the same bytes.
  ///
  /// Sixteen-bit, paletted and interlaced files are only read, never written.
  ///
  /// - Throws: `PNGError` where a keyword is not one, or libpng fails.
  package func encoded() throws -> [UInt8] {
    var header = Self.header
    header.width = png_uint_32(image.width)
    header.height = png_uint_32(image.height)
    header.format = image.channels.pngFormat
    defer { png_image_free(&header) }
    var size = png_alloc_size_t(0)
    guard png_image_write_to_memory(&header, nil, &size, 0, image.samples, 0, nil) != 0 else {
      throw PNGError(.unwritable, header.text)
    }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    guard png_image_write_to_memory(&header, &bytes, &size, 0, image.samples, 0, nil) != 0 else {
      throw PNGError(.unwritable, header.text)
    }
    return try PNGChunks.inserting(texts, into: Array(bytes.prefix(Int(size))))
  }

  /// The picture and texts of a file's bytes.
  ///
  /// Palettes are resolved, 16-bit samples reduced to 8, grey with alpha becomes RGBA.
  ///
  /// - Throws: `PNGError` where the bytes are no PNG file, damaged, or too large to hold.
  package init(decoding bytes: [UInt8]) throws {
    image = try PNGDecoder(bytes).image()
    texts = try PNGChunks.texts(in: bytes)
  }

  private static var header: png_image {
    var header = png_image()
    header.version = png_uint_32(PNG_IMAGE_VERSION)
    return header
  }
}

extension Image.Channels {
  fileprivate var pngFormat: png_uint_32 {
    switch self {
    case .grey: 0
    case .rgb: png_uint_32(PNG_FORMAT_FLAG_COLOR)
    case .rgba: png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
    }
  }
}

extension png_image {
  /// What libpng has to say about its failure.
  fileprivate var text: String {
    withUnsafeBytes(of: message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
