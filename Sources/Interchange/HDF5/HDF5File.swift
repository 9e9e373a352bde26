import Foundation

/// An HDF5 file that is open for reading: groups, attributes of text and numbers, data sets.
///
/// Objects are named by paths. Nothing is followed out of the file: neither links to other files nor
/// data sets whose numbers lie in others. Of the format's many forms those are read that Keras' files
/// have: groups by symbol tables or compact links, attributes in their object's header, data sets in
/// one piece, in their header, or in blocks that may be deflated.
///
/// - Source: The HDF Group, "HDF5 File Format Specification", version 3.0.
struct HDF5File: Sendable {
  let bytes: Data
  private let root: Int

  /// The first bytes of every file.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Reads a file.
  ///
  /// - Throws: `InterchangeError.Fact`.
  init(path: String) throws {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw InterchangeError.Fact.unreadable(
        reason: exists ? "no permission, or not a file" : "there is no such file")
    }
    try self.init(bytes)
  }

  /// Reads the bytes of a file.
  ///
  /// - Throws: `InterchangeError.Fact`.
  init(_ bytes: [UInt8]) throws { try self.init(Data(bytes)) }

  private init(_ bytes: Data) throws {
    guard bytes.starts(with: Self.signature) else {
      throw Self.damaged("it does not begin like one")
    }
    self.bytes = bytes
    root = try Self.root(of: bytes)
  }

  /// The place of the outermost group's header, which the file's first block states.
  private static func root(of bytes: Data) throws -> Int {
    var cursor = try HDF5Cursor(bytes, at: signature.count)
    let version = try cursor.number(1)
    guard version <= 3 else { throw unsupported("it has version \(version); 0 to 3 are known") }
    try cursor.skip(version < 2 ? 4 : 0)
    guard try cursor.number(1) == 8, try cursor.number(1) == 8 else {
      throw unsupported("its places are not numbers of 8 bytes")
    }
    // Flags, sizes of the nodes of trees, and where the file begins, ends and keeps free space.
    try cursor.skip(version < 2 ? [9, 13][version] : 1)
    guard try cursor.address() == 0 else { throw unsupported("it begins inside another file") }
    try cursor.skip(version < 2 ? 32 : 16)
    guard let root = try cursor.address() else { throw HDF5Cursor.cutOff }
    return root
  }

  static func damaged(_ reason: String) -> InterchangeError.Fact {
    .damaged(format: "HDF5", reason)
  }

  static func unsupported(_ reason: String) -> InterchangeError.Fact {
    .unsupported(format: "HDF5", [reason])
  }

  // MARK: Objects

  enum Kind { case group, dataset }

  /// What lies at a path; nil if nothing does.
  ///
  /// - Throws: `InterchangeError.Fact` if the way there leads out of the file.
  func kind(of path: String) throws -> Kind? {
    try header(of: path).map { $0[.layout] == nil ? .group : .dataset }
  }

  /// The names of a group's members, in alphabetic order; none if there is no such group.
  func members(of path: String) throws -> [String] {
    guard let header = try header(of: path) else { return [] }
    return try links(of: header).keys.sorted()
  }

  /// The header of an object, found link by link; nil if there is none.
  func header(of path: String) throws -> HDF5Header? {
    var header = try HDF5Header(bytes, at: root)
    var current = ""
    for name in path.split(separator: "/") where name != "." {
      current += current.isEmpty ? "\(name)" : "/\(name)"
      switch try links(of: header)[String(name)] {
      case nil: return nil
      case .elsewhere:
        throw Self.unsupported(
          "'\(current)' is a link to another place, which Assay does not follow")
      case .object(let address): header = try HDF5Header(bytes, at: address)
      }
    }
    return header
  }
}
