import Foundation

/// A file that appears under its name only once it is complete.
///
/// Bytes go to a temporary file in the same folder, which is flushed to disk and then renamed; an
/// error or a crash on the way leaves whatever was there before.
package final class AtomicFile {
  private let path: String
  private let partialPath: String
  private let descriptor: Int32
  /// The number of bytes written so far.
  package private(set) var offset = 0

  /// Writes a file through `body`, or leaves the old one if it throws.
  package static func write(to path: String, _ body: (AtomicFile) throws -> Void) throws {
    let file = try AtomicFile(path: path)
    do {
      try body(file)
      try file.commit()
    } catch {
      unlink(file.partialPath)
      throw error
    }
  }

  private init(path: String) throws {
    self.path = path
    partialPath = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
    descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw systemError() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    try write(bytes, at: offset)
    offset += bytes.count
  }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Replaces bytes that were written before.
  package func replace(_ bytes: [UInt8], at position: Int) throws {
    try bytes.withUnsafeBytes { try write($0, at: position) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
        off_t(position + done))
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        throw systemError()
      }
    }
  }

  private func commit() throws {
    guard fsync(descriptor) == 0, rename(partialPath, path) == 0 else { throw systemError() }
  }

  private func systemError() -> ArrayFileError {
    ArrayFileError(path: path, .cannotWrite(reason: String(cString: strerror(errno))))
  }
}
