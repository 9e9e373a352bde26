import Attestations
import Foundation

/// Files with keys.
enum KeyFile {
  /// - Throws: `UsageError` if the file is not there, `AttestationError` if it holds no key.
  static func signingKey(_ path: String) throws -> SigningKey {
    try SigningKey(text: try text(path), file: path)
  }

  /// - Throws: `UsageError` if the file is not there, `AttestationError` if it holds no key.
  static func verificationKey(_ path: String) throws -> VerificationKey {
    try VerificationKey(text: try text(path), file: path)
  }

  /// Writes a private key that its owner alone may read, and its public part beside it.
  ///
  /// - Throws: `UsageError` if one of the files is there already, or cannot be written.
  static func write(_ key: SigningKey, to path: String) throws {
    for file in [path, path + ".pub"] where FileManager.default.fileExists(atPath: file) {
      throw UsageError("\(file) is there already; keys are not overwritten, name another file")
    }
    try create(path, key.pem, mode: 0o600)
    try create(path + ".pub", key.publicKey.pem, mode: 0o644)
  }

  /// Makes a file that is not there: it never exists with more rights than the mode gives.
  private static func create(_ path: String, _ text: String, mode: mode_t) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, mode)
    guard descriptor >= 0 else {
      throw UsageError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  private static func text(_ path: String) throws -> String {
    try requireFile(path, "make a key with: assay sign --new-key \(path)")
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageError("\(path) cannot be read")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
