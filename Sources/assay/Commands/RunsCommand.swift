import ArgumentParser
import Ledger

/// Where runs are kept.
struct LedgerOptions: ParsableArguments {
  @Option(help: "The SQLite file that runs are recorded in.")
  var ledger = "assay.sqlite"

  /// Opens an existing ledger to read it: the file stays as it is.
  ///
  /// - Throws: `UsageError` if there is none: reading commands make no files.
  func read() throws -> Ledger {
    try requireFile(ledger, "run 'assay audit' first, or name another with --ledger")
    return try Ledger.reading(path: ledger)
  }

  /// Opens an existing ledger to add to it.
  ///
  /// - Throws: `UsageError` if there is none.
  func open() throws -> Ledger {
    try requireFile(ledger, "run 'assay audit' first, or name another with --ledger")
    return try Ledger(path: ledger)
  }
}

/// The command `assay runs`.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists the audits in a ledger, or how a model's gates fared over its versions.",
    discussion: """
      Examples:
        assay runs --ledger audits.sqlite
        assay runs --model credit
      """)

  @OptionGroup var ledger: LedgerOptions
  @Option(help: "Show how each gate fared over the runs of the models with this name.")
  var model: String?
  @Flag(help: "Print the list as JSON.") var json = false

  func run() throws {
    let store = try ledger.read()
    if let model {
      let trend = try store.trend(ofModel: model)
      return json ? try Output.json(trend) : TrendTable(trend).print()
    }
    let runs = try store.runs()
    guard !json else { return try Output.json(runs) }
    guard !runs.isEmpty else { return Output.line("No runs yet.") }
    Output.table(
      ["run", "started", "model", "data", "suite", "samples", "state", "gates"],
      runs.map { run in
        [
          run.id, run.started, run.model, run.data, run.suite, String(run.samples),
          (run.shard.map { "shard \($0), " } ?? "") + (run.isComplete ? "complete" : "unfinished"),
          "\(run.passed) passed, \(run.failed) failed",
        ]
      })
  }
}
