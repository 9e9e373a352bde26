import ArgumentParser
import Attestations
import Audits
import Foundation
import Ledger

/// The command `assay verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Computes an audit's figures and sums again; names the first that does not agree.",
    discussion: """
      Needs no network and not the machine of the audit. What is checked: the chain of everything that
      was recorded, what follows from the findings (distances, measures, intervals, verdicts on the
      thresholds that were stored before the run), the signatures, and the files that are given.

      Exit codes: 0 everything agrees, 1 something does not, 2 wrong use, 3 an internal failure.

      Example:
        assay verify latest
        assay verify 3f2a --model credit.safetensors --data credit.csv --report report \\
          --key validator.pem.pub
        assay verify latest --repeat
      """)

  @Argument(
    help: ArgumentHelp("The run: its id, the beginning of it, or 'latest'.", valueName: "run"))
  var id: String
  @OptionGroup var ledger: LedgerOptions
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "The model's file; repeatable, where its weights are in further files.", valueName: "file"))
  var models: [String] = []
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp("A file of the data; repeatable.", valueName: "file"))
  var data: [String] = []
  @Option(help: ArgumentHelp("The folder of a report.", valueName: "folder")) var report: String?
  @Option(
    name: .customLong("key"),
    help: ArgumentHelp(
      "A public key that is trusted; repeatable: then no other may have signed.",
      valueName: "file"))
  var keys: [String] = []
  @Flag(
    name: .customLong("repeat"),
    help: "Run the recorded command again, compare every finding, and note it in the ledger.")
  var isRepeated = false
  @Flag(help: "Print the steps as JSON.") var json = false

  func run() throws {
    let verification = try RunVerification(
      id, in: isRepeated ? try ledger.open() : try ledger.read(),
      trusted: try keys.map(KeyFile.verificationKey))
    try verification.checkRecord()
    try verification.checkFiles(models: models, data: data, report: report)
    if isRepeated { try verification.repeatRun() }
    let found = verification.outcome
    if json { try Output.json(found) } else { found.print() }
    if found.result.failure != nil { throw ExitStatus.gateFailed }
  }
}

/// What a verification found.
struct VerificationOutcome: Encodable {
  let run: String
  /// The Merkle root of the run as it is; nil where the chain is broken.
  let root: String?
  let result: VerificationResult

  /// Prints what was checked, in order, and the verdict last.
  func print() {
    Output.table(
      ["checked", "outcome", "count", "what"],
      result.steps.map { step in
        [
          step.subject, step.outcome.rawValue, step.outcome == .skipped ? "–" : String(step.count),
          step.detail,
        ]
      })
    Output.line()
    if let failure = result.failure {
      let detail = Output.harmless("First, \(failure.subject): \(failure.detail).")
      Output.line("Run \(run) does not agree. \(detail)")
    } else {
      Output.line("Run \(run): everything that was checked agrees. Merkle root \(root ?? "–").")
    }
  }
}
