/// Named arrays in NumPy's `.npz` format: a zip archive of `.npy` files.
public enum NumpyArchive {
  /// Reads every array.
  ///
  /// - Throws: `ArrayFileError`, which names the member.
  public static func read(_ path: String) throws -> [String: Tensor] {
    let archive = try NumpyArchiveReader(path: path)
    var tensors: [String: Tensor] = [:]
    for name in archive.names { tensors[name] = try archive.array(name).readAll() }
    return tensors
  }

  /// Writes arrays in the given order; the file appears only once it is complete.
  public static func write(
    _ arrays: [(String, Tensor)], to path: String, compressed: Bool = false
  ) throws {
    try write(arrays, to: path, compressed: compressed, zip64From: UInt64(UInt32.max))
  }

  static func write(
    _ arrays: [(String, Tensor)], to path: String, compressed: Bool, zip64From: UInt64
  ) throws {
    try AtomicFile.write(to: path) { file in
      var archive = ZipWriter(file: file, isCompressed: compressed, zip64From: zip64From)
      for (name, tensor) in arrays {
        try NumpyArray.header(of: tensor).withUnsafeBytes { header in
          try withExtendedLifetime(tensor) {
            try archive.add("\(name).npy", chunks: [header, tensor.bytes])
          }
        }
      }
      try archive.finish()
    }
  }
}

/// A `.npz` archive whose arrays are read one at a time, whole or in pieces.
package struct NumpyArchiveReader {
  /// The names of the arrays, in the order in which they are stored.
  package let names: [String]
  private let path: String
  private let archive: ZipReader

  package init(path: String) throws {
    self.path = path
    archive = try ZipReader(path: path)
    names = archive.members.map { Self.arrayName($0.name) }
  }

  /// Opens the array of the given name.
  package func array(_ name: String) throws -> NumpyArrayReader {
    guard let member = archive.members.first(where: { Self.arrayName($0.name) == name }) else {
      throw ArrayFileError(path: path, member: name, .missingMember(available: names))
    }
    return try NumpyArrayReader(archive.open(member))
  }

  private static func arrayName(_ member: String) -> String {
    member.hasSuffix(".npy") ? String(member.dropLast(4)) : member
  }
}
