import CHDF5
import Foundation

/// An HDF5 file that is open for reading: groups, attributes of text and numbers, data sets.
///
/// Objects are named by paths. Nothing is followed out of the file: neither links to other files nor
/// data sets whose numbers lie in others.
///
/// - Source: The HDF Group, "HDF5 File Format Specification", version 3.0.
final class HDF5File: Sendable {
  /// The identifier, valid while this object lives; it is used under the library's lock alone.
  let identifier: hid_t
  /// What no part of the file can be longer than.
  let byteCount: Int

  /// The first bytes of every file.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Opens a file.
  ///
  /// - Throws: `InterchangeError.Fact`.
  init(path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw InterchangeError.Fact.unreadable(
        reason: exists ? "no permission, or not a file" : "there is no such file")
    }
    let start = try? file.read(upToCount: Self.signature.count)
    byteCount = Int(clamping: (try? file.seekToEnd()) ?? 0)
    guard start.map(Array.init) == Self.signature else { throw Self.notHDF5 }
    identifier = try HDF5Library.exclusively {
      try Self.open(path) { H5Pset_file_locking($0, false, true) }
    }
  }

  /// Opens the bytes of a file.
  ///
  /// - Throws: `InterchangeError.Fact`.
  init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: Self.signature) else { throw Self.notHDF5 }
    byteCount = bytes.count
    var image = bytes
    identifier = try HDF5Library.exclusively {
      try image.withUnsafeMutableBytes { image in
        try Self.open("memory") { access in
          // The driver that keeps files in memory; it must not write them.
          guard H5Pset_fapl_core(access, 1 << 20, false) >= 0 else { return -1 }
          return H5Pset_file_image(access, image.baseAddress, image.count)
        }
      }
    }
  }

  deinit { _ = try? HDF5Library.exclusively { H5Fclose(identifier) } }

  private static var notHDF5: InterchangeError.Fact {
    HDF5Library.damaged("it does not begin like one")
  }

  private static func open(_ name: String, _ prepare: (hid_t) -> herr_t) throws -> hid_t {
    let access = try HDF5Library.check(H5Pcreate(CHDF5FileAccess()), "no settings can be made")
    defer { H5Pclose(access) }
    guard prepare(access) >= 0 else { throw HDF5Library.damaged("it cannot be opened") }
    return try HDF5Library.check(
      H5Fopen(name, CHDF5ReadOnly(), access), "it is cut off or damaged")
  }

  // MARK: Objects

  enum Kind { case group, dataset, other }

  /// What lies at a path; nil if nothing does.
  ///
  /// - Throws: `InterchangeError.Fact` if the way there leads out of the file.
  func kind(of path: String) throws -> Kind? {
    try HDF5Library.exclusively {
      guard let object = try open(path) else { return nil }
      defer { H5Oclose(object) }
      switch H5Iget_type(object) {
      case H5I_GROUP: return .group
      case H5I_DATASET: return .dataset
      default: return .other
      }
    }
  }

  /// The names of a group's members, in alphabetic order; none if there is no such group.
  func members(of path: String) throws -> [String] {
    try HDF5Library.exclusively {
      guard let group = try open(path) else { return [] }
      defer { H5Oclose(group) }
      var info = H5G_info_t()
      guard H5Gget_info(group, &info) >= 0, info.nlinks <= byteCount else {
        throw HDF5Library.damaged("the group '\(path)' cannot be read")
      }
      return try (0..<info.nlinks).map { index in
        var name = [CChar](repeating: 0, count: 1024)
        let length = H5Lget_name_by_idx(
          group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &name, name.count, 0)
        guard length > 0, length < name.count else {
          throw HDF5Library.damaged("the group '\(path)' has a member without a name")
        }
        return String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
    }
  }

  /// Opens an object, link by link; nil if there is none.
  ///
  /// The caller holds the library's lock, and closes the object.
  func open(_ path: String) throws -> hid_t? {
    var current = ""
    for name in path.split(separator: "/") {
      guard name != "." else { continue }
      current += current.isEmpty ? "\(name)" : "/\(name)"
      guard H5Lexists(identifier, current, 0) > 0 else { return nil }
      var link = H5L_info_t()
      guard H5Lget_info(identifier, current, &link, 0) >= 0 else {
        throw HDF5Library.damaged("the link '\(current)' cannot be read")
      }
      guard link.type == H5L_TYPE_HARD else {
        throw HDF5Library.unsupported(
          "'\(current)' is a link to another place, which Assay does not follow")
      }
    }
    return try HDF5Library.check(
      H5Oopen(identifier, current.isEmpty ? "/" : current, 0), "'\(path)' cannot be opened")
  }
}
