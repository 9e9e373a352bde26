import Foundation

/// Standard output or standard error.
enum StandardStream {
  case output, errors

  /// Writes all bytes.
  ///
  /// A reader that has gone away, such as `head`, wants no more: what is left to say is dropped, and
  /// the command goes on to its files and its exit code. Any other failure of standard output ends
  /// the program, with the reason on standard error.
  func write(_ data: Data) {
    let failure = data.withUnsafeBytes { bytes -> Int32? in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written >= 0 {
          rest = rest.dropFirst(written)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
    guard let failure, failure != EPIPE, self == .output else { return }
    let reason = String(cString: strerror(failure))
    Self.errors.write(Data("Error: cannot write to standard output: \(reason).\n".utf8))
    Foundation.exit(ExitStatus.internalFailure.rawValue)
  }

  private var descriptor: Int32 {
    switch self {
    case .output: STDOUT_FILENO
    case .errors: STDERR_FILENO
    }
  }
}
