public import Audits

/// Files held against what a record or a manifest says of them.
public enum FileCheck {
  /// The model's file, or files.
  public static func model(_ record: AuditRecord, sha256: String, path: String) -> VerificationStep
  {
    VerificationStep(
      "model file", count: 1, "\(path) is the model that was audited",
      failure: sha256 == record.model.sha256
        ? nil
        : "\(path) has the sum \(sha256), but the audited model \(record.model.sha256)")
  }

  /// A data file, known by its sum: it may have moved.
  public static func data(_ record: AuditRecord, sha256: String, path: String) -> VerificationStep {
    let known = record.data.sha256
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let expected = known.first { $0.name == name }?.value
    let names = known.map { "\($0.name) (\($0.value))" }.joined(separator: ", ")
    let words =
      expected.map { "the audited file of this name \($0)" } ?? "the audited files are \(names)"
    return VerificationStep(
      "data file \(name)", count: 1, "\(path) is part of the audited data",
      failure: (expected.map { $0 == sha256 } ?? known.contains { $0.value == sha256 })
        ? nil : "\(path) has the sum \(sha256), but \(words)")
  }

  /// A report's folder: its files by its manifest, and its manifest by the run.
  ///
  /// - Parameters:
  ///   - folder: The folder's manifest.
  ///   - manifest: That of the state that the run is in.
  ///   - present: The paths of the files in the folder.
  ///   - sum: The sum of a file of the folder by its path in it; nil where there is none.
  /// - Returns: What agrees, or the first thing that does not.
  /// - Throws: what reading a file throws.
  public static func report(
    _ folder: FolderManifest, of manifest: Manifest, present: [String],
    sum: (String) throws -> String?
  ) rethrows -> VerificationStep {
    let names = "report"
    func fails(_ detail: String) -> VerificationStep {
      VerificationStep(names, .fails, count: folder.files.count, detail)
    }
    guard folder.schemaVersion <= FolderManifest.schemaVersion else {
      return fails("\(FolderManifest.fileName) is of a version that this program does not know")
    }
    let listed = Set(folder.files.map(\.name))
    if let page = FolderManifest.pages.first(where: { !listed.contains($0) }) {
      return fails("\(FolderManifest.fileName) does not name \(page)")
    }
    let others = present.filter { $0 != FolderManifest.fileName && !listed.contains($0) }
    if let other = others.min() {
      return fails("\(other) is in the folder, but not in \(FolderManifest.fileName)")
    }
    for file in folder.files {
      guard let found = try sum(file.name) else { return fails("\(file.name) is missing") }
      guard found == file.sha256 else { return fails("\(file.name) was changed") }
    }
    guard let stated = folder.runs.first(where: { $0.run == manifest.run }) else {
      return fails("\(FolderManifest.fileName) does not name run \(manifest.run)")
    }
    guard stated.isSound else {
      return fails("the leaves of run \(stated.run) in \(FolderManifest.fileName) were changed")
    }
    if let leaf = stated.firstDifference(from: manifest) {
      return fails("'\(leaf)' in \(FolderManifest.fileName) is not what the ledger holds")
    }
    if folder.runs.count == 1, let figure = folder.firstForeignFigure(of: manifest) {
      return fails("\(figure) is no figure of the run")
    }
    return VerificationStep(
      names, .agrees, count: folder.files.count,
      "every file is as its manifest says, and the manifest is that of the run")
  }
}

extension FolderManifest {
  /// The folder of the figures.
  package static let figures = "heatmaps/"

  /// The first file among the figures whose name and sum are not those of a figure of the run.
  fileprivate func firstForeignFigure(of manifest: Manifest) -> String? {
    let known = Set(
      manifest.leaves.filter(\.isFigure).map {
        Manifest.Leaf(
          Self.figures + $0.name.dropFirst(Manifest.Leaf.figure.count), sha256: $0.sha256)
      })
    return files.first { $0.name.hasPrefix(Self.figures) && !known.contains($0) }?.name
  }
}
