import Foundation

/// Bytes that are read from front to back, so that a file of any length takes little memory.
package protocol ByteSource: AnyObject {
  /// What an error about these bytes names.
  var place: FilePlace { get }
  /// An upper bound on the bytes left: what a header claims beyond it cannot be true.
  var remainingAtMost: Int { get }
  /// Reads at least one byte unless the end is reached; returns how many.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteSource {
  /// Reads until the buffer is full or the end is reached; returns how many bytes came.
  package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads as many bytes as the buffer holds.
  package func fillExactly(_ buffer: UnsafeMutableRawBufferPointer) throws {
    let got = try fill(buffer)
    if got < buffer.count { throw place.error(.truncated(expected: buffer.count, got: got)) }
  }

  /// Reads exactly `count` bytes.
  package func bytes(_ count: Int) throws -> [UInt8] {
    guard count <= remainingAtMost else {
      throw place.error(.truncated(expected: count, got: remainingAtMost))
    }
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try fillExactly($0) }
    return bytes
  }

  /// Reads to the end and drops what it reads, so that checksums at the end are verified.
  package func drain() throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while try buffer.withUnsafeMutableBytes({ try read(into: $0) }) > 0 {}
  }
}

/// The bytes of a file, or of a range of it.
package final class FileBytes: ByteSource {
  package let place: FilePlace
  package let fileLength: Int
  private let file: OpenFile
  private var offset: Int
  private let end: Int

  package convenience init(path: String) throws {
    let file = try OpenFile(path: path)
    self.init(file: file, place: FilePlace(path: path), range: 0..<file.length)
  }

  package init(file: OpenFile, place: FilePlace, range: Range<Int>) {
    self.place = place
    self.file = file
    fileLength = file.length
    offset = range.lowerBound
    end = range.upperBound
  }

  package var remainingAtMost: Int { end - offset }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(end - offset))
    let count = try file.read(into: wanted, at: offset)
    offset += count
    return count
  }
}

/// A file that is open for reading at any position.
package final class OpenFile {
  package let path: String
  package let length: Int
  private let descriptor: Int32

  package init(path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else {
      length = 0
      throw ArrayFileError(path: path, .cannotOpen(reason: String(cString: strerror(errno))))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      length = 0
      throw ArrayFileError(path: path, .cannotOpen(reason: "it is not a regular file"))
    }
    length = Int(status.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    guard buffer.count > 0 else { return 0 }
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR {
        throw ArrayFileError(path: path, .cannotRead(reason: String(cString: strerror(errno))))
      }
    }
  }
}
