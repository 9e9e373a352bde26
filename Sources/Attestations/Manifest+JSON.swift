import Foundation

/// The manifest of a report's folder: those of its runs, and the sums of the folder's own files.
///
/// The files lie outside of the Merkle roots: they are made from the records, and again at any time.
public struct FolderManifest: Codable, Hashable, Sendable {
  public static let schemaVersion = 1
  /// The file's name in the folder; it is not among its own files.
  public static let fileName = "manifest.json"

  public var schemaVersion = FolderManifest.schemaVersion
  /// One a run of the report.
  public var runs: [Manifest]
  /// The folder's files: path in the folder and sum, in the order in which they were written.
  public var files: [Manifest.Leaf]

  public init(runs: [Manifest], files: [Manifest.Leaf]) {
    self.runs = runs
    self.files = files
  }
}

extension Manifest {
  /// The one JSON form, in UTF-8, ending in a newline.
  public func encoded() -> [UInt8] { ManifestJSON.encoded(self) }

  /// Reads the JSON form.
  ///
  /// - Throws: `AttestationError.notManifest` if it is none.
  public init(json: [UInt8]) throws { self = try ManifestJSON.decoded(json) }
}

extension FolderManifest {
  /// The one JSON form, in UTF-8, ending in a newline.
  public func encoded() -> [UInt8] { ManifestJSON.encoded(self) }

  /// Reads the JSON form.
  ///
  /// - Throws: `AttestationError.notManifest` if it is none.
  public init(json: [UInt8]) throws { self = try ManifestJSON.decoded(json) }
}

private enum ManifestJSON {
  static func encoded(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do {
      return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
      preconditionFailure("expected texts and whole numbers, which JSON can hold, got \(error)")
    }
  }

  static func decoded<Value: Decodable>(_ bytes: [UInt8]) throws -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw AttestationError.notManifest
    }
  }
}
