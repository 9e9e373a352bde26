import ArgumentParser
import Audits
import Checks
import Foundation
import Ledger
import Reports
import Serving

/// The command `assay compare`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Shows what changed between two audits on the same samples.",
    discussion: """
      Writes compare.html and compare.json. Differences are counted from the first run to the second,
      on the samples that both hold with the same input and label.

      Example:
        assay compare 3f2a latest --out compare
      """)

  @Argument(help: ArgumentHelp("The earlier run: an id, the beginning of one, or 'latest'."))
  var first: String
  @Argument(help: ArgumentHelp("The later run.")) var second: String
  @OptionGroup var ledger: LedgerOptions
  @Option(name: .shortAndLong, help: "The folder to write to.") var out = "compare"
  @Option(help: "The language of compare.html.") var language: ReportLanguage = .english
  @Flag(help: "Print the comparison as JSON.") var json = false

  func run() throws {
    let store = try ledger.read()
    let (before, after) = (try store.record(of: first), try store.record(of: second))
    guard before.run.id != after.run.id else {
      throw UsageError(
        "'\(first)' and '\(second)' are both the run \(before.run.id); name two runs, of those "
          + "that 'assay runs' lists")
    }
    let document = try ComparisonDocument(
      from: before, to: after, history: GateHistory.all(ofModel: after.model.name, in: store))
    try ReportFiles.prepare(out)
    let encoded = Data(try document.json.encoded())
    try Data(try document.html(language: language).utf8).write(
      to: URL(filePath: out + "/compare.html"), options: .atomic)
    try encoded.write(to: URL(filePath: out + "/compare.json"), options: .atomic)
    guard !json else { return StandardStream.output.write(encoded) }
    ComparisonSummary(document.comparison).print()
    Output.line("Comparison: \(out)/compare.html")
    Output.line(document.comparison.sentence)
  }
}
