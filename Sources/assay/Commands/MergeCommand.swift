import ArgumentParser
import Audits
import Foundation
import Ledger

/// The command `assay merge`.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins the shards of an audit into one run.",
    discussion: """
      The run has what one machine would have found. The command that is printed last finishes it: it
      attacks nothing again, and computes explanations, measures and verdicts.

      Example:
        assay audit digits.safetensors --data mnist.npz --shard 1/2 --ledger a.sqlite
        assay audit digits.safetensors --data mnist.npz --shard 2/2 --ledger b.sqlite
        assay merge a.sqlite b.sqlite --ledger whole.sqlite
      """)

  @Argument(
    help: ArgumentHelp("The ledgers that hold the shards.", valueName: "shard.sqlite"))
  var shards: [String]
  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The id of the whole run, or its beginning, where a ledger holds shards of several.",
      valueName: "run"))
  var whole: String?
  @OptionGroup var ledger: LedgerOptions

  func run() throws {
    for path in shards {
      try requireFile(path, "name the ledgers that 'assay audit --shard' has written")
    }
    let merge = try ShardMerge(try shards.map { try Ledger(path: $0) }, run: whole)
    try write(merge)
    let record = merge.record
    Output.line(
      "Run \(record.run.id) in \(ledger.ledger): \(record.predictions.count) samples, "
        + "\(record.findings.count) findings about \(Set(record.findings.map(\.sample)).count).")
    for difference in merge.differences { Output.line("Note: \(difference).") }
    Output.line(next(record.run.command))
  }

  /// Writes into the ledger; one that was made for it does not stay when that fails.
  private func write(_ merge: ShardMerge) throws {
    let isNew = !FileManager.default.fileExists(atPath: ledger.ledger)
    do {
      try Ledger(path: ledger.ledger).add(merge)
    } catch {
      for suffix in isNew ? ["", "-wal", "-shm"] : [] {
        // What was never made needs no removal; why the merge failed is what matters.
        try? FileManager.default.removeItem(atPath: ledger.ledger + suffix)
      }
      throw error
    }
  }

  /// The command that finishes the run.
  private func next(_ command: String) -> String {
    var audit = ShellCommand(command).removing("--ledger")
    guard audit.words.starts(with: ["assay", "audit"]) else {
      return "To finish it, run the whole audit again with this ledger."
    }
    audit.words += ["--ledger", ledger.ledger]
    return "To finish it:\n\(audit.line)"
  }
}

/// What a shard has done, on a terminal.
struct ShardSummary {
  private let shard: ShardDescription
  private let record: AuditRecord

  init(_ shard: ShardDescription, of record: AuditRecord) {
    self.shard = shard
    self.record = record
  }

  /// Prints what was attacked, and how the shards are joined.
  func print(ledger: String) {
    let attacked = Set(record.findings.map(\.sample)).count
    let correct = record.predictions.count(where: \.isCorrect)
    Output.line(
      "Shard \(shard.words) of run \(shard.whole): attacked \(attacked) of \(correct) correctly "
        + "classified samples, \(record.predictions.count) in all.")
    let merge = ShellCommand(words: ["assay", "merge", ledger])
    let others = shard.count == 1 ? "" : " OTHER-SHARDS…"
    Output.line("When all \(shard.count) are done: \(merge.line)\(others) --ledger WHOLE.sqlite")
  }
}
