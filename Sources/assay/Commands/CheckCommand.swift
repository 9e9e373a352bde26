import ArgumentParser
import Audits
import Checks
import ConfigurationFiles
import Foundation
import Ledger
import Reports

/// The command `assay check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tells whether a model is easier to fool than the one before it.",
    discussion: """
      Asks the model about every adversarial example that the baseline knows, then attacks it within
      the budget, and holds it against the baseline gate by gate, on the same samples. Writes
      check.json, gates.xml (JUnit), results.sarif, summary.md and pictures; the last line is the
      verdict.

      Exit codes: 0 passed, 1 a gate failed, 2 wrong use, 3 an internal failure, 4 inconclusive.

      Example:
        assay init digits.safetensors --data mnist.npz
        assay baseline save assay-baseline.sqlite
        assay check
      """)

  @OptionGroup var options: CheckOptions
  @Option(help: "The folder to write to, in place of the one that the file names.")
  var out: String?
  @Flag(help: "Print the result as JSON.") var json = false

  func run() throws {
    let configuration = try options.configuration()
    let check = try PreparedCheck(configuration)
    let folder = out ?? configuration.out
    try ReportFiles.prepare(folder)
    let record = try check.run()
    try CheckFiles.write(record, configuration, to: folder)
    if json {
      try Output.json(record)
    } else {
      CheckSummary(record).print(folder: folder, configuration)
    }
    if let status = ExitStatus(record.outcome) { throw status }
  }
}

/// A check whose model, data and baseline are read and belong together.
struct PreparedCheck {
  private let configuration: CheckConfiguration
  private let judge: CheckJudge
  private let preparation: AuditPreparation

  /// - Throws: `UsageError`, `CheckError`, or what reading throws.
  init(_ configuration: CheckConfiguration) throws {
    self.configuration = configuration
    try requireFile(
      configuration.baseline, "make it with: assay baseline save \(configuration.baseline)")
    let baseline = try Baseline(file: configuration.baseline)
    let plan = CheckPlan(configuration)
    var preparation = try configuration.preparation()
    try plan.check(baseline, against: preparation.subject)
    let budget = configuration.budget?.words ?? ""
    try preparation.change([
      "check", baseline.record.run.id, try FileHash.sha256(ofFile: configuration.baseline),
      budget, configuration.text,
    ]) { try plan.applyForCandidate(to: &$0, against: baseline) }
    self.preparation = preparation
    judge = CheckJudge(baseline, configuration)
  }

  func run() throws -> CheckRecord {
    let store = try Ledger(path: configuration.ledger)
    var judged: CheckRecord?
    let record = try preparation.run(into: store, label: "Check") { record in
      let check = judge.record(record)
      judged = check
      return check.gates.map(\.result)
    }
    // A run that was complete before is not judged on the way.
    return judged ?? judge.record(record)
  }
}

extension ExitStatus {
  /// How the program ends after a check; nil where it passed.
  init?(_ outcome: CheckRecord.Outcome) {
    switch outcome {
    case .passed: return nil
    case .failed: self = .gateFailed
    case .inconclusive: self = .inconclusive
    }
  }
}

extension CheckError: UserFacingError {}
