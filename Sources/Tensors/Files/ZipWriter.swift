import CZlib

/// Writes a zip archive; every time stamp is 1980-01-01, so that equal content makes equal bytes.
struct ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var method: UInt16
    var checksum: UInt32 = 0
    var compressedLength: UInt64 = 0
    var length: UInt64 = 0
    var headerOffset: UInt64
  }

  private let file: AtomicFile
  private let isCompressed: Bool
  /// Lengths and offsets from here on are written as zip64 fields.
  private let zip64From: UInt64
  private var entries: [Entry] = []

  init(file: AtomicFile, isCompressed: Bool, zip64From: UInt64 = UInt64(UInt32.max)) {
    self.file = file
    self.isCompressed = isCompressed
    self.zip64From = zip64From
  }

  /// Appends a member whose content is the given chunks.
  mutating func add(_ name: String, chunks: [UnsafeRawBufferPointer]) throws {
    var entry = Entry(
      name: Array(name.utf8), method: isCompressed ? 8 : 0, headerOffset: UInt64(file.offset))
    // The lengths are known only at the end; as zip64 fields they fit whatever they will be.
    try file.write(localHeader(of: entry))
    let start = file.offset
    var checksum: UInt = 0
    for chunk in chunks {
      checksum = CRC.update(checksum, chunk)
      entry.length += UInt64(chunk.count)
      if !isCompressed { try file.write(chunk) }
    }
    if isCompressed { try Deflater.write(chunks, to: file) }
    entry.checksum = UInt32(checksum)
    entry.compressedLength = UInt64(file.offset - start)
    try file.replace(localHeader(of: entry), at: Int(entry.headerOffset))
    entries.append(entry)
  }

  /// Writes the table of contents.
  func finish() throws {
    let start = UInt64(file.offset)
    for entry in entries { try file.write(directoryEntry(of: entry)) }
    let length = UInt64(file.offset) - start
    if start >= zip64From || length >= zip64From || entries.count >= 0xFFFF {
      try file.write(zip64End(start: start, length: length))
    }
    var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    let count = UInt16(clamping: entries.count)
    end.append(littleEndian: count)
    end.append(littleEndian: count)
    end.append(littleEndian: length >= zip64From ? UInt32.max : UInt32(length))
    end.append(littleEndian: start >= zip64From ? UInt32.max : UInt32(start))
    end.append(littleEndian: UInt16(0))
    try file.write(end)
  }

  /// Version needed 4.5, flag "name is UTF-8", method, time 0, date 1980-01-01.
  private func common(_ entry: Entry) -> [UInt8] {
    var bytes: [UInt8] = [45, 0]
    bytes.append(littleEndian: UInt16(0x0800))
    bytes.append(littleEndian: entry.method)
    bytes.append(littleEndian: UInt16(0))
    bytes.append(littleEndian: UInt16(0x0021))
    bytes.append(littleEndian: entry.checksum)
    return bytes
  }

  private func localHeader(of entry: Entry) -> [UInt8] {
    var bytes: [UInt8] = [0x50, 0x4B, 3, 4] + common(entry)
    bytes.append(littleEndian: UInt32.max)
    bytes.append(littleEndian: UInt32.max)
    bytes.append(littleEndian: UInt16(entry.name.count))
    bytes.append(littleEndian: UInt16(20))
    bytes += entry.name + [1, 0, 16, 0]
    bytes.append(littleEndian: entry.length)
    bytes.append(littleEndian: entry.compressedLength)
    return bytes
  }

  private func directoryEntry(of entry: Entry) -> [UInt8] {
    var extra: [UInt8] = []
    func field(_ value: UInt64) -> UInt32 {
      guard value >= zip64From else { return UInt32(value) }
      extra.append(littleEndian: value)
      return .max
    }
    // The zip64 field holds the lengths in the other order than the header does.
    let length = field(entry.length)
    let compressed = field(entry.compressedLength)
    let offset = field(entry.headerOffset)
    var bytes: [UInt8] = [0x50, 0x4B, 1, 2, 45, 0] + common(entry)
    bytes.append(littleEndian: compressed)
    bytes.append(littleEndian: length)
    bytes.append(littleEndian: UInt16(entry.name.count))
    bytes.append(littleEndian: UInt16(extra.isEmpty ? 0 : extra.count + 4))
    bytes += [UInt8](repeating: 0, count: 10)
    bytes.append(littleEndian: offset)
    bytes += entry.name
    if !extra.isEmpty { bytes += [1, 0, UInt8(extra.count), 0] + extra }
    return bytes
  }

  private func zip64End(start: UInt64, length: UInt64) -> [UInt8] {
    var bytes: [UInt8] = [0x50, 0x4B, 6, 6]
    bytes.append(littleEndian: UInt64(44))
    bytes += [45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    bytes.append(littleEndian: UInt64(entries.count))
    bytes.append(littleEndian: UInt64(entries.count))
    bytes.append(littleEndian: length)
    bytes.append(littleEndian: start)
    bytes += [0x50, 0x4B, 6, 7, 0, 0, 0, 0]
    bytes.append(littleEndian: start + length)
    bytes += [1, 0, 0, 0]
    return bytes
  }
}

/// Compresses chunks into a file.
private enum Deflater {
  static func write(_ chunks: [UnsafeRawBufferPointer], to file: AtomicFile) throws {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Int32(MemoryLayout<z_stream>.size)
    let status = deflateInit2_(
      stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    precondition(status == Z_OK, "expected zlib to start, got status \(status)")
    defer { deflateEnd(stream) }
    var output = [UInt8](repeating: 0, count: 1 << 16)
    for chunk in chunks {
      var rest = chunk[...]
      while !rest.isEmpty {
        let piece = rest.prefix(1 << 30)
        try deflate(UnsafeRawBufferPointer(rebasing: piece), Z_NO_FLUSH, stream, &output, file)
        rest = rest.dropFirst(piece.count)
      }
    }
    try deflate(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, stream, &output, file)
  }

  private static func deflate(
    _ input: UnsafeRawBufferPointer, _ flush: Int32, _ stream: UnsafeMutablePointer<z_stream>,
    _ output: inout [UInt8], _ file: AtomicFile
  ) throws {
    // zlib does not write to its input; its C type merely lacks the const.
    let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
    stream.pointee.avail_in = UInt32(input.count)
    try output.withUnsafeMutableBytes { output in
      repeat {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        CZlib.deflate(stream, flush)
        let count = output.count - Int(stream.pointee.avail_out)
        try file.write(UnsafeRawBufferPointer(rebasing: output[..<count]))
      } while stream.pointee.avail_out == 0
    }
  }
}
