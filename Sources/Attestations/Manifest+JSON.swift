import Foundation

/// The manifest of a report's folder: those of its runs, and the sums of the folder's own files.
///
/// The files lie outside of the Merkle roots: they are made from the records, and again at any time.
public struct FolderManifest: Codable, Hashable, Sendable {
  public static let schemaVersion = 2
  /// The file's name in the folder; it is not among its own files.
  public static let fileName = "manifest.json"

  /// The files that every report has.
  public static let pages = ["report.html", "report.json"]

  public var schemaVersion = FolderManifest.schemaVersion
  /// One a run of the report.
  public var runs: [Manifest]
  /// The folder's files: path in the folder and sum, in the order in which they were written.
  public var files: [Manifest.Leaf]

  /// What the files were made of besides the records; nil where nobody said.
  public var making: Making?

  public init(runs: [Manifest], files: [Manifest.Leaf], making: Making? = nil) {
    self.runs = runs
    self.files = files
    self.making = making
  }

  /// Enough to make the files of a report again from a ledger, whatever was added to it since.
  public struct Making: Codable, Hashable, Sendable {
    /// The version of the program: another one may write other files.
    public var version: String
    public var title: String
    /// The language's code.
    public var language: String
    /// The compliance profiles, each as JSON.
    public var profiles: [String]
    /// The run that the report compares with; nil where it compares with none.
    public var since: String?
    /// One a run, in their order.
    public var states: [State]

    public init(
      version: String, title: String, language: String, profiles: [String], since: String?,
      states: [State]
    ) {
      self.version = version
      self.title = title
      self.language = language
      self.profiles = profiles
      self.since = since
      self.states = states
    }
  }

  /// How many signatures and events a run had: both only ever grow.
  public struct State: Codable, Hashable, Sendable {
    public var signOffs: Int
    public var events: Int

    public init(signOffs: Int, events: Int) {
      self.signOffs = signOffs
      self.events = events
    }
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
