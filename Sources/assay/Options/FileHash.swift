import Attestations
import Crypto
import Foundation

/// SHA-256 sums as lowercase hexadecimal digits.
enum FileHash {
  /// The sum of a file's bytes; of a folder, the sum of its files' names and sums in order.
  static func sha256(ofFile path: String) throws -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw UsageError("\(path) does not exist")
    }
    guard isDirectory.boolValue else { return try sum(ofFile: path) }
    let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    var listing = ""
    for name in names {
      let member = path + "/" + name
      let exists = FileManager.default.fileExists(atPath: member, isDirectory: &isDirectory)
      if exists, !isDirectory.boolValue { listing += "\(name) \(try sum(ofFile: member))\n" }
    }
    return sha256(of: Data(listing.utf8))
  }

  /// The sum of one file, or the sum of several files' sums.
  static func sha256(ofFiles paths: [String]) throws -> String {
    let sums = try paths.map(sha256(ofFile:))
    return sums.count == 1 ? sums[0] : sha256(of: Data(sums.joined(separator: "\n").utf8))
  }

  static func sha256(of data: Data) -> String { SHA256.hash(data: data).hexadecimal }

  private static func sum(ofFile path: String) throws -> String {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw UsageError("\(path) cannot be read")
    }
    var hash = SHA256()
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
    return hash.finalize().hexadecimal
  }
}

/// Checks that a file which must exist does.
///
/// - Throws: `UsageError` with the advice.
func requireFile(_ path: String, _ advice: String) throws {
  guard FileManager.default.fileExists(atPath: path) else {
    throw UsageError("\(path) does not exist; \(advice)")
  }
}

/// Checks that a file can be written before hours of work depend on it.
///
/// - Throws: `UsageError` if the folder does not exist or refuses.
func requireWritable(_ path: String) throws {
  let folder = URL(filePath: path).deletingLastPathComponent().path
  var isDirectory: ObjCBool = false
  guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory),
    isDirectory.boolValue
  else { throw UsageError("cannot write \(path): the folder \(folder) does not exist") }
  guard FileManager.default.isWritableFile(atPath: folder) else {
    throw UsageError("cannot write \(path): the folder \(folder) is not writable")
  }
}
