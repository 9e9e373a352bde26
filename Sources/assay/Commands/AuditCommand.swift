import ArgumentParser
import Audits
import Ledger
import Reports

/// The command `assay audit`.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Audits a model: attacks, explanations, verdicts and a report.",
    discussion: """
      Everything is recorded in the ledger as it is found: a run that was interrupted resumes when the
      same command is given again. Suites are quick, standard, tabular, or a YAML file.

      With --shard 3/8 only the third of eight parts is attacked; 'assay merge' joins the ledgers of
      all parts, from as many machines.

      Example:
        assay audit digits.safetensors --data mnist.npz --suite standard --limit 200 --out report
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var training: TrainingOptions
  @OptionGroup var ledger: LedgerOptions

  @Option(help: "The suite: quick, standard, tabular, or a YAML file.") var suite = "standard"
  @Option(help: "The seed of all random numbers.") var seed: UInt64 = 0
  @Option(help: "At most this many samples are attacked together; results do not depend on it.")
  var batch: Int?
  @Option(help: "The folder to write the report to; without it, only the ledger is written.")
  var out: String?
  @Option(help: "The title of the report.") var title: String?
  @Option(
    help: ArgumentHelp(
      "Attack only a part of the samples, such as 3/8, the third of eight; see 'assay merge'.",
      valueName: "part/parts"),
    transform: AuditShard.argument)
  var shard: AuditShard?
  @Flag(help: "Print the record as JSON.") var json = false

  func validate() throws {
    if let batch, batch < 1 { throw ValidationError("--batch must be at least 1") }
    if shard != nil, out != nil {
      throw ValidationError(
        "--out needs a whole audit: leave it out with --shard, and report what was merged")
    }
  }

  func run() throws {
    let preparation = try AuditPreparation(self)
    if let out { try ReportFiles.prepare(out) }
    let store = try Ledger(path: ledger.ledger)
    let record = try preparation.run(into: store, label: "Audit")
    if let out {
      try ReportFiles.write(
        ReportDocument(title: record.run.title, records: [record]), to: out)
    }
    if json {
      try Output.json(record)
    } else if let shard = record.run.shard {
      ShardSummary(shard, of: record).print(ledger: ledger.ledger)
    } else {
      RecordSummary(record).print()
    }
    if let out, !json { Output.line("\nReport: \(out)/report.html") }
    if record.gates.contains(where: { $0.verdict == .failed }) { throw ExitStatus.gateFailed }
    if record.gates.contains(where: { $0.verdict != .passed }) { throw ExitStatus.inconclusive }
  }
}
