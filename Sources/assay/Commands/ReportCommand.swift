import ArgumentParser
import Audits
import Foundation
import Ledger
import Reports

/// The command `assay report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes the report of one or several audits.",
    discussion: """
      Writes report.html, report.json and gates.xml (JUnit) and the heatmaps. Runs on the same data are
      shown side by side. The same records give the same bytes.

      Example:
        assay report latest --out report
        assay report 3f2a 9c01 --title 'Credit decision' --out credit-report
        assay report latest --profile eu-ai-act --profile nist-ai-rmf
      """)

  @Argument(help: ArgumentHelp("The runs: ids, beginnings of ids, or 'latest'.", valueName: "run"))
  var runs: [String]
  @OptionGroup var ledger: LedgerOptions
  @Option(help: "The title.") var title: String?
  @Option(
    name: .customLong("profile"),
    help: ArgumentHelp(
      """
      Add a map of the clauses of a law, guidance or standard; repeatable: eu-ai-act, sr-26-2, \
      reg-b, nist-ai-rmf, fda, iso-24029, iso-42001, or a JSON file of your own.
      """, valueName: "name"))
  var profiles: [String] = []
  @Option(name: .shortAndLong, help: "The folder to write to.") var out = "report"
  @Flag(help: "Print the names of the files as JSON.") var json = false

  func run() throws {
    let profiles = try loadedProfiles()
    let store = try ledger.open()
    let records = try runs.map { try store.record(of: $0) }
    for record in records { try record.run.requireWhole() }
    try ReportFiles.prepare(out)
    let names = try ReportFiles.write(
      records, title: title ?? records.map(\.run.title).joined(separator: "; "),
      profiles: profiles, to: out, store)
    if json { try Output.json(names) } else { Output.line("Report: \(out)/report.html") }
  }

  private func loadedProfiles() throws -> [ComplianceProfile] {
    let loaded = try profiles.map(ComplianceProfile.named)
    for (index, profile) in loaded.enumerated()
    where loaded[..<index].contains(where: { $0.name == profile.name }) {
      throw UsageError("the profile '\(profile.name)' is named twice; name it once")
    }
    return loaded
  }
}

extension RunDescription {
  /// Checks that the run is no shard: it has no verdicts of its own, and no report.
  fileprivate func requireWhole() throws {
    guard let shard else { return }
    throw UsageError(
      "run \(id) is shard \(shard.words) of run \(shard.whole), which alone has a report; join the "
        + "shards with 'assay merge'")
  }
}

/// The files of a report in a folder.
enum ReportFiles {
  /// Makes the folder, so that a report that cannot be written is refused at the start.
  static func prepare(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw UsageError("cannot make the folder \(folder): \(error.localizedDescription)")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw UsageError("the folder \(folder) is not writable")
    }
  }

  /// Writes every form of the report, notes each file in the ledger, and returns their paths.
  @discardableResult
  static func write(
    _ records: [AuditRecord], title: String, profiles: [ComplianceProfile] = [],
    to folder: String, _ store: Ledger
  ) throws -> [String] {
    let document = ReportDocument(title: title, records: records, profiles: profiles)
    return try files(of: document).map { file in
      let path = folder + "/" + file.name
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.contents.write(to: URL(filePath: path), options: .atomic)
      let artefact = Artefact(
        name: file.name, mediaType: file.mediaType, sha256: FileHash.sha256(of: file.contents))
      for record in records { try store.store(artefact, in: record.run.id) }
      return path
    }
  }

  private struct File {
    let name: String
    let mediaType: String
    let contents: Data
  }

  private static func files(of document: ReportDocument) throws -> [File] {
    let pages = [
      File(
        name: "report.html", mediaType: "text/html", contents: Data(try document.html().utf8)),
      File(
        name: "report.json", mediaType: "application/json",
        contents: Data(try document.json.encoded())),
      File(
        name: "gates.xml", mediaType: "application/xml", contents: Data(document.junit.encoded())),
    ]
    let pictures = try document.pictures().map { picture in
      File(
        name: "heatmaps/\(picture.name)", mediaType: "image/png", contents: Data(picture.bytes))
    }
    return pages + pictures
  }
}
