/// What is wrong with a file of arrays: `.npy`, `.npz`, gzip or zip.
public struct ArrayFileError: Error, Hashable, Sendable {
  public enum Fact: Hashable, Sendable {
    case cannotOpen(reason: String)
    case cannotRead(reason: String)
    case cannotWrite(reason: String)
    case truncated(expected: Int, got: Int)
    case corruptCompression
    case wrongChecksum
    case notAnArray
    case unsupportedVersion(Int)
    case badHeader(String)
    case unsupportedType(String)
    case tooManyElements(shape: [Int])
    case integerTooLarge(UInt64)
    case notAnArchive
    case damagedArchive(String)
    case encrypted
    case unsupportedCompression(Int)
    case duplicateMember
    case missingMember(available: [String])
  }

  public var path: String
  /// The member of the archive that the fact concerns.
  public var member: String?
  public var fact: Fact

  public init(path: String, member: String? = nil, _ fact: Fact) {
    self.path = path
    self.member = member
    self.fact = fact
  }
}

extension ArrayFileError: CustomStringConvertible {
  public var description: String {
    "\(path)\(member.map { ", member '\($0)'" } ?? ""): \(fact)"
  }
}

extension ArrayFileError.Fact: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(let reason): "cannot be opened: \(reason)"
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    case .truncated(let expected, let got):
      "is cut off: \(expected) bytes expected, at most \(got) there"
    case .corruptCompression: "the compressed data is damaged"
    case .wrongChecksum: "the data is damaged: its checksum does not match"
    case .notAnArray: "is not a NumPy array (.npy)"
    case .unsupportedVersion(let version): "has .npy version \(version); 1, 2 and 3 are known"
    case .badHeader(let what): "has a damaged .npy header: \(what)"
    case .unsupportedType(let type):
      "has elements of type \(type); save it as numbers, e.g. float32"
    case .tooManyElements(let shape): "states the shape \(shape), which no memory can hold"
    case .integerTooLarge(let value): "holds \(value), which does not fit into int64"
    case .notAnArchive: "is not a zip archive (.npz)"
    case .damagedArchive(let what): "is a damaged zip archive: \(what)"
    case .encrypted: "is encrypted"
    case .unsupportedCompression(let method):
      "is compressed by method \(method); only stored and deflated members can be read"
    case .duplicateMember: "appears twice in the archive"
    case .missingMember(let available):
      "is missing; the archive holds \(available.isEmpty ? "nothing" : available.joined(separator: ", "))"
    }
  }
}

/// Where bytes come from: what an error about them names.
package struct FilePlace: Hashable, Sendable {
  package var path: String
  package var member: String?

  package init(path: String, member: String? = nil) {
    self.path = path
    self.member = member
  }

  package func error(_ fact: ArrayFileError.Fact) -> ArrayFileError {
    ArrayFileError(path: path, member: member, fact)
  }
}
