public import Attestations
public import Audits
import Foundation
import GRDB

extension Ledger {
  /// Stores what a person signed, the manifest of the state that was signed, and that it happened.
  ///
  /// - Throws: `LedgerError` if it cannot be written.
  public func sign(_ signOff: SignOff, over manifest: Manifest) throws {
    precondition(
      signOff.root == manifest.root, "expected root \(manifest.root), got \(signOff.root)")
    try change(manifest.run) { changes in
      try changes.insertIfMissing(
        ManifestRow(
          run: manifest.run, root: manifest.root,
          contents: String(decoding: manifest.encoded(), as: UTF8.self)))
      try changes.add(signOff)
      try changes.note(
        RunEvent(
          moment: signOff.moment, action: .signed,
          detail: "\(signOff.role), \(signOff.name): \(signOff.decision.rawValue)"))
    }
  }

  /// The manifests of the states that were signed.
  ///
  /// - Throws: `LedgerError` if one is not what the program wrote.
  public func signedManifests(of run: String) throws -> [Manifest] {
    let id = try resolve(run)
    return try read { database in
      try ManifestRow.filter(Column("run") == id).order(Column("root")).fetchAll(database)
    }.map { row in
      do {
        return try Manifest(json: Array(row.contents.utf8))
      } catch is AttestationError {
        throw LedgerError(path: path, .corrupt("the manifest with root \(row.root)"))
      }
    }
  }
}
