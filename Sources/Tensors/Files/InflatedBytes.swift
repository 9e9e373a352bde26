import CZlib

/// The bytes that a compressed source expands to.
package final class InflatedBytes: ByteSource {
  package enum Format {
    /// A gzip file, of one or more members; zlib verifies their checksums.
    case gzip
    /// Bare deflated data, as in a zip archive.
    case deflate
  }

  private let source: any ByteSource
  private let format: Format
  private let limit: Int
  // zlib keeps a pointer to its stream, which therefore must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private var produced = 0
  private var isFinished = false

  package init(_ source: any ByteSource, format: Format) throws {
    self.source = source
    self.format = format
    // Deflate expands at most 1032 times: 258 bytes for two bits.
    limit = source.remainingAtMost.multipliedReportingOverflow(by: 1032).partialValue
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: 1 << 16, alignment: 16)
    let bits = format == .gzip ? MAX_WBITS + 16 : -MAX_WBITS
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, bits, ZLIB_VERSION, size) == Z_OK else {
      throw source.place.error(.corruptCompression)
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  package var place: FilePlace { source.place }

  package var remainingAtMost: Int { isFinished ? 0 : max(limit - produced, 0) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard buffer.count > 0, let start = buffer.baseAddress else { return 0 }
    let capacity = UInt32(min(buffer.count, 1 << 30))
    stream.pointee.next_out = start.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = capacity
    while !isFinished, stream.pointee.avail_out == capacity {
      if stream.pointee.avail_in == 0, try !refill() {
        throw place.error(.truncated(expected: produced + 1, got: produced))
      }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: try finishMember()
      default: throw place.error(.corruptCompression)
      }
    }
    let count = Int(capacity - stream.pointee.avail_out)
    produced += count
    return count
  }

  private func refill() throws -> Bool {
    let count = try source.read(into: input)
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
    return count > 0
  }

  /// A gzip file may hold several members; zeros after the last are padding.
  private func finishMember() throws {
    let hasMore = try stream.pointee.avail_in > 0 || refill()
    if format == .gzip, hasMore, stream.pointee.next_in.pointee != 0 {
      inflateReset(stream)
    } else {
      isFinished = true
    }
  }
}

/// A source whose length and checksum are known: the end verifies them.
package final class CheckedBytes: ByteSource {
  private let source: any ByteSource
  private let length: Int
  private let checksum: UInt32
  private var seen = 0
  private var running: UInt = 0

  package init(_ source: any ByteSource, length: Int, checksum: UInt32) {
    self.source = source
    self.length = length
    self.checksum = checksum
  }

  package var place: FilePlace { source.place }

  package var remainingAtMost: Int { min(length - seen, source.remainingAtMost) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard buffer.count > 0 else { return 0 }
    let count = try source.read(into: buffer)
    seen += count
    if seen > length { throw place.error(.wrongChecksum) }
    if count == 0 {
      if seen < length { throw place.error(.truncated(expected: length, got: seen)) }
      if UInt32(running) != checksum { throw place.error(.wrongChecksum) }
    } else {
      running = CRC.update(running, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return count
  }
}

/// The checksum of zip archives.
package enum CRC {
  package static func update(_ checksum: UInt, _ bytes: UnsafeRawBufferPointer) -> UInt {
    crc32_z(checksum, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
  }
}

/// Opens a file, through gzip if its first bytes say that it is compressed.
package func openBytes(path: String) throws -> any ByteSource {
  let file = try OpenFile(path: path)
  var magic: [UInt8] = [0, 0]
  let count = try magic.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
  let bytes = FileBytes(file: file, place: FilePlace(path: path), range: 0..<file.length)
  guard count == 2, magic == [0x1F, 0x8B] else { return bytes }
  return try InflatedBytes(bytes, format: .gzip)
}
