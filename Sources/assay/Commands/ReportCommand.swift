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
      Writes report.html, summary.html (one page for management), model-card.md, report.json, gates.xml
      (JUnit) and the heatmaps. Runs on the same data are shown side by side. The same records give the
      same bytes. With --pdf, WeasyPrint lays out report.pdf with page numbers and bookmarks.

      What no program can measure, people write: --init writes a file with the questions, --statements
      stores the answers with the runs. What is missing is shown as missing.

      Example:
        assay report latest --out report
        assay report 3f2a 9c01 --title 'Credit decision' --out credit-report
        assay report latest --profile eu-ai-act --profile nist-ai-rmf --language de --pdf
        assay report --init statements.yaml --profile fda
        assay report latest --statements statements.yaml
      """)

  @Argument(
    help: ArgumentHelp(
      """
      The runs: ids, beginnings of ids, or 'latest'; with --init the file to write.
      """, valueName: "run"))
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
  @Option(help: "What it is written in: en or de; files for machines are English.")
  var language: ReportLanguage = .english
  @Option(
    help: ArgumentHelp(
      "Store the answers of this file, which --init began, with the runs.", valueName: "file"))
  var statements: String?
  @Option(
    help: ArgumentHelp(
      "Add what changed since an earlier audit of the same samples.", valueName: "run"))
  var since: String?
  @Flag(
    name: .customLong("init"),
    help: "Write a file with the questions that people have to answer; no report.")
  var begins = false
  @Option(name: .shortAndLong, help: "The folder to write to.") var out = "report"
  @Flag(help: "Write report.pdf too; needs WeasyPrint (Debian's package weasyprint).")
  var pdf = false
  @Flag(help: "Print the names of the files as JSON.") var json = false

  func run() throws {
    let printer = pdf ? try PDFPrinter() : nil
    let profiles = try loadedProfiles()
    if begins { return try begin(profiles) }
    // Read first: nothing is stored where the file is wrong.
    let parts = try statements.map(HumanParts.init(file:))
    let store = parts == nil ? try ledger.read() : try ledger.open()
    let records = try stored(parts, in: store)
    try ReportFiles.prepare(out)
    var document = ReportDocument(
      title: title ?? records.map(\.run.title).joined(separator: "; "), records: records,
      profiles: profiles, language: language)
    document.changes = try since.map { [try change(since: $0, to: records, store)] } ?? []
    let names = try ReportFiles.write(document, to: out, printer)
    if json { try Output.json(names) } else { Output.line("Report: \(out)/report.html") }
  }

  /// What changed since an earlier audit: to the first of the runs that is about the same samples.
  private func change(
    since earlier: String, to records: [AuditRecord], _ store: Ledger
  ) throws -> ComparisonDocument {
    let first = try store.record(of: earlier)
    guard let change = try ComparisonDocument(from: first, toOneOf: records) else {
      throw UsageError(
        "--since names the run \(first.run.id) that the report is on; name an earlier one")
    }
    return change
  }

  /// The records of the runs, with the answers that are to be stored in them.
  private func stored(_ parts: HumanParts?, in store: Ledger) throws -> [AuditRecord] {
    let records = try runs.map { try store.intactRecord(of: $0) }
    for record in records { try record.run.requireWhole() }
    guard let parts else { return records }
    if parts.statements.isEmpty, let statements {
      throw UsageError("\(statements) holds no answer; write behind the keys and run this again")
    }
    return try records.map { record in
      try store.store(parts.statements, in: record.run.id)
      return try store.record(of: record.run.id)
    }
  }

  /// Writes the questions, and refuses to replace a file.
  private func begin(_ profiles: [ComplianceProfile]) throws {
    guard runs.count == 1, let file = runs.first else {
      throw UsageError("--init writes one file; name it alone, without runs")
    }
    guard statements == nil else {
      throw UsageError("--init writes a file and --statements reads one; give one of them")
    }
    guard !FileManager.default.fileExists(atPath: file) else {
      throw UsageError("\(file) exists and may hold answers; name another file or remove it")
    }
    let text = try StatementScaffold.yaml(language: language, profiles: profiles)
    do {
      try Data(text.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
    } catch {
      throw UsageError("cannot write \(file): \(error.localizedDescription)")
    }
    if json { try Output.json([file]) } else { Output.line("Questions: \(file)") }
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
