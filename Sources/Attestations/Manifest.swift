public import Audits
import Crypto
import Foundation

/// The SHA-256 sums of everything that a run is made of, and the one root that stands for them all.
///
/// What grows afterwards is not in it: events, signatures, the files of reports, the chain.
public struct Manifest: Codable, Hashable, Sendable {
  /// The version of this type's JSON form and of what leaves are made of.
  public static let schemaVersion = 1

  /// A part of the run.
  public struct Leaf: Codable, Hashable, Sendable {
    /// "model file", "data file credit.csv", "findings", "figure 3fa90c11d2e4-row-17.png".
    public var name: String
    /// 64 hexadecimal digits.
    public var sha256: String

    public init(_ name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }

    /// What the tree is made of: the sum, two spaces and the name, as `sha256sum` writes them.
    var bytes: [UInt8] { Array("\(sha256)  \(name)".utf8) }

    var isFigure: Bool { name.hasPrefix(Self.figure) }

    static let figure = "figure "
  }

  public var schemaVersion = Manifest.schemaVersion
  public var run: String
  /// In their one order.
  public var leaves: [Leaf]
  /// The Merkle root of the leaves, 64 hexadecimal digits.
  public var root: String

  public init(run: String, leaves: [Leaf]) {
    self.run = run
    self.leaves = leaves
    root = Self.root(of: leaves)
  }

  /// The manifest of a record and of the figures that are drawn from it.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - figures: The name of each figure and the SHA-256 of its file, in the report's order.
  public init(_ record: AuditRecord, figures: [NamedValue]) {
    self.init(
      run: record.run.id,
      leaves: record.fileLeaves + record.contentLeaves
        + figures.map { Leaf(Leaf.figure + $0.name, sha256: $0.value) })
  }

  /// Whether the root is that of the leaves.
  public var isSound: Bool { root == Self.root(of: leaves) }

  private static func root(of leaves: [Leaf]) -> String {
    MerkleTree.root(of: leaves.map(\.bytes)).hexadecimal
  }

  /// The name of the first leaf that differs from another manifest's, or is in one of them alone.
  ///
  /// - Parameters:
  ///   - other: The other manifest.
  ///   - isCompared: Which leaves are looked at; all by default.
  /// - Returns: The name; nil where all agree.
  public func firstDifference(
    from other: Manifest, where isCompared: (Leaf) -> Bool = { _ in true }
  ) -> String? {
    let own = leaves.filter(isCompared)
    let theirs = other.leaves.filter(isCompared)
    if let pair = zip(own, theirs).first(where: { $0 != $1 }) { return pair.0.name }
    guard own.count != theirs.count else { return nil }
    return (own.count > theirs.count ? own[theirs.count] : theirs[own.count]).name
  }
}

extension AuditRecord {
  /// The files that the run was made from, and the program.
  fileprivate var fileLeaves: [Manifest.Leaf] {
    let program = run.environment.first { $0.name == Self.programSum }
    return [Manifest.Leaf("model file", sha256: model.sha256)]
      + data.sha256.map { Manifest.Leaf("data file \($0.name)", sha256: $0.value) }
      + [Manifest.Leaf("configuration", sha256: Array(run.suiteText.utf8).sha256)]
      + (program.map { [Manifest.Leaf("program", sha256: $0.value)] } ?? [])
  }

  /// What the record itself holds, a leaf a table.
  fileprivate var contentLeaves: [Manifest.Leaf] {
    [
      leaf("run", ManifestRun(run)), leaf("model", model), leaf("data", data),
      leaf("attacks", attacks), leaf("predictions", predictions), leaf("findings", findings),
      leaf("explanations", explanations), leaf("measures", measures), leaf("warnings", warnings),
      leaf("gates", gates), leaf("assessments", assessments), leaf("statements", statements),
    ]
  }

  /// The name of the environment's entry that holds the SHA-256 of the program.
  package static let programSum = "program SHA-256"

  private func leaf(_ name: String, _ contents: some Encodable) -> Manifest.Leaf {
    do {
      return Manifest.Leaf(name, sha256: try CanonicalEncoder.bytes(of: contents).sha256)
    } catch {
      preconditionFailure("expected \(name) that can be encoded, got \(error)")
    }
  }
}

/// What a run is, without the state that it is in.
private struct ManifestRun: Encodable {
  let id: String
  let title: String
  let started: String
  let command: String
  let seed: UInt64
  let suiteName: String
  let environment: [NamedValue]

  init(_ run: RunDescription) {
    id = run.id
    title = run.title
    started = run.started
    command = run.command
    seed = run.seed
    suiteName = run.suiteName
    environment = run.environment
  }
}

extension [UInt8] {
  /// Of the bytes, 64 hexadecimal digits.
  package var sha256: String { SHA256.hash(data: self).hexadecimal }
}
