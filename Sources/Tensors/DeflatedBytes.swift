import CZlib
package import Foundation

/// Bytes as zlib packs them (RFC 1950), and back.
package enum DeflatedBytes {
  /// The packed bytes; nil where packing would not make them fewer.
  package static func deflated(_ bytes: Data) -> Data? {
    guard !bytes.isEmpty else { return nil }
    var count = uLongf(bytes.count)
    var packed = Data(count: bytes.count)
    let status = packed.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { source in
        compress2(
          target.bindMemory(to: Bytef.self).baseAddress, &count,
          source.bindMemory(to: Bytef.self).baseAddress, uLong(source.count), Z_DEFAULT_COMPRESSION)
      }
    }
    // Z_BUF_ERROR: what is packed has no room in as many bytes as there were.
    return status == Z_OK && Int(count) < bytes.count ? packed.prefix(Int(count)) : nil
  }

  /// The bytes that were packed; nil unless there are exactly so many.
  ///
  /// - Parameters:
  ///   - packed: What `deflated` gave.
  ///   - count: How many bytes were packed, known from elsewhere: no more memory is taken.
  /// - Returns: The bytes, or nil where they are damaged, more or fewer.
  package static func inflated(_ packed: Data, count: Int) -> Data? {
    // Deflate expands at most 1032 times: a claim beyond that is not believed.
    guard count > 0, count / 1032 <= packed.count else { return nil }
    var length = uLongf(count)
    var bytes = Data(count: count)
    let status = bytes.withUnsafeMutableBytes { target in
      packed.withUnsafeBytes { source in
        uncompress(
          target.bindMemory(to: Bytef.self).baseAddress, &length,
          source.bindMemory(to: Bytef.self).baseAddress, uLong(source.count))
      }
    }
    return status == Z_OK && Int(length) == count ? bytes : nil
  }
}
