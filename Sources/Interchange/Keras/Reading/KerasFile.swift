package import Foundation
import Tensors

/// A network that Keras wrote: a `.keras` archive, or a whole model in HDF5 (`.h5`, `.hdf5`).
///
/// - Source: https://keras.io/guides/serialization_and_saving; keras/src/saving/saving_lib.py and
///   keras/src/legacy/saving/legacy_h5_format.py.
package struct KerasFile: Sendable {
  /// The version of Keras that wrote the file.
  let version: String
  let root: KerasNetwork
  private let file: HDF5File
  private let isArchive: Bool

  /// Reads a file; nothing is lowered yet.
  ///
  /// - Throws: `InterchangeError` with one sentence on what is wrong.
  package init(path: String) throws {
    do {
      let magic = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 4) }
      if magic.map(Array.init) == Self.zipMagic {
        try self.init(archive: path)
      } else {
        try self.init(HDF5File(path: path))
      }
    } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    } catch let error as ArrayFileError {
      let place = error.member.map { "'\($0)' " } ?? "it "
      throw InterchangeError(path: path, .damaged(format: "Keras", "\(place)\(error.fact)"))
    }
  }

  private static let zipMagic: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let members = ["metadata.json", "config.json", "model.weights.h5"]

  /// Whether a file that begins with these bytes may be one of Keras.
  ///
  /// That is HDF5, or an archive whose first member is one of Keras'; 64 bytes are enough.
  package static func matches(_ prefix: Data) -> Bool {
    let bytes = Array(prefix.prefix(64))
    if bytes.starts(with: HDF5File.signature) { return true }
    guard bytes.starts(with: zipMagic), bytes.count > 30 else { return false }
    return members.contains { bytes[30...].starts(with: $0.utf8) }
  }

  private init(archive path: String) throws {
    let archive = try ZipReader(path: path)
    func contents(_ name: String) throws -> [UInt8] {
      guard let member = archive.members.first(where: { $0.name == name }) else {
        throw InterchangeError.Fact.damaged(format: "Keras", "it holds no '\(name)'")
      }
      let bytes = try archive.open(member)
      let result = try bytes.bytes(Int(clamping: member.length))
      try bytes.drain()
      return result
    }
    let metadata = try Self.parse(contents("metadata.json"), "metadata.json")
    try self.init(
      version: metadata["keras_version"]?.text ?? "",
      description: Self.parse(contents("config.json"), "config.json"),
      weights: HDF5File(contents("model.weights.h5")), isArchive: true)
  }

  private init(_ file: HDF5File) throws {
    guard let description = try file.strings("model_config", of: "/")?.first else {
      throw InterchangeError.Fact.damaged(
        format: "Keras",
        "it does not describe a network: save the whole model, not the weights alone")
    }
    let version =
      try file.strings("keras_version", of: "/")?.first
      ?? file.strings("keras_version", of: "model_weights")?.first ?? ""
    try self.init(
      version: version, description: Self.parse(Array(description.utf8), "model_config"),
      weights: file, isArchive: false)
  }

  /// - Parameters:
  ///   - version: The version of Keras.
  ///   - description: The network's class and settings.
  ///   - weights: The file that holds the weights.
  ///   - isArchive: Whether they lie in a tree as in Keras' archives.
  /// - Throws: `InterchangeError.Fact`.
  init(version: String, description: KerasValue, weights: HDF5File, isArchive: Bool) throws {
    self.version = version
    root = try Self.network(description)
    file = weights
    self.isArchive = isArchive
  }

  static func parse(_ bytes: [UInt8], _ name: String) throws -> KerasValue {
    do {
      return try JSONDecoder().decode(KerasValue.self, from: Data(bytes))
    } catch {
      throw InterchangeError.Fact.damaged(format: "Keras", "'\(name)' is not valid JSON")
    }
  }

  private static func network(_ description: KerasValue) throws -> KerasNetwork {
    guard let layer = try KerasLayer(description).network else {
      let name = description["class_name"]?.text ?? ""
      throw InterchangeError.Fact.unsupported(
        format: "Keras",
        ["the network is of the class \(name): save a Sequential or functional model"])
    }
    return layer
  }

  /// The first number of the version: meanings differ between 2 and 3.
  var majorVersion: Int { version.split(separator: ".").first.flatMap { Int($0) } ?? 2 }

  /// The weights of the outermost network's layers.
  func weights() throws -> [String: KerasWeights] {
    if isArchive { return try KerasWeights.tree(file, path: "").layers(of: root) }
    let group = try file.kind(of: "model_weights") != nil ? "model_weights" : ""
    var result: [String: KerasWeights] = [:]
    for layer in root.layers {
      let folder = "\(group)/\(layer.name)"
      let names = try names("weight_names", of: folder)
      result[layer.name] = .list(file, paths: names.map { "\(folder)/\($0)" })
    }
    return result
  }

  /// A list, which may be spread over numbered attributes: `weight_names0`, `weight_names1`.
  private func names(_ attribute: String, of path: String) throws -> [String] {
    if let names = try file.strings(attribute, of: path) { return names }
    var names: [String] = []
    for part in 0... {
      guard let more = try file.strings("\(attribute)\(part)", of: path) else { break }
      names += more
    }
    return names
  }
}
