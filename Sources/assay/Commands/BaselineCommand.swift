import ArgumentParser
import Audits
import Checks
import Foundation
import Ledger
import Models
import Tensors

/// The command `assay baseline`.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Keeps what 'assay check' compares with, in one file.",
    subcommands: [SaveCommand.self, ShowBaselineCommand.self])
}

extension BaselineCommand {
  /// The command `assay baseline save`.
  struct SaveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "save",
      abstract: "Writes the baseline: an audit's record and all adversarial examples known so far.",
      discussion: """
        Without --run the model that assay.yaml names is audited with its suite. With --run a recorded
        run is saved, such as that of a check which passed. Examples that an existing file holds are
        kept, as far as their samples are still there.

        Example:
          assay baseline save assay-baseline.sqlite
          assay baseline save assay-baseline.sqlite --run latest
        """)

    @Argument(help: "The file to write.") var file: String
    @OptionGroup var options: CheckOptions
    @Option(
      name: .customLong("run"),
      help: "A run of the ledger: its id, the beginning of it, or 'latest'.")
    var recordedRun: String?

    func run() throws {
      try requireWritable(file)
      let known = FileManager.default.fileExists(atPath: file) ? try Baseline(file: file) : nil
      let record = try recordedRun.map { try recorded($0, known) } ?? audited(known)
      let bank = AdversarialBank(
        record, known: known?.bank(for: record.inputs) ?? AdversarialBank([]))
      try BaselineFile.save(record, bank: bank, to: file)
      Output.line(
        "Saved \(record.model.name) (run \(record.run.id)): \(record.predictions.count) samples, "
          + "\(bank.examples.count) adversarial examples. Wrote \(file).")
    }

    /// An audit of the configured model, which is asked about the known examples first.
    private func audited(_ known: Baseline?) throws -> AuditRecord {
      let configuration = try options.configuration()
      var preparation = try configuration.preparation()
      let bank =
        known.map { $0.bank(for: preparation.subject.inputsBySample) } ?? AdversarialBank([])
      let plan = CheckPlan(configuration)
      let reasons = ["baseline", configuration.text] + bank.examples.map(\.identity)
      try preparation.change(reasons) { try plan.applyForBaseline(to: &$0, bank: bank) }
      return try preparation.run(
        into: try Ledger(path: configuration.ledger), label: "Baseline")
    }

    private func recorded(_ run: String, _ known: Baseline?) throws -> AuditRecord {
      let path = try options.ledger ?? configuredLedger
      try requireFile(
        path, "run 'assay audit' or 'assay check' first, or name another with --ledger")
      let record = try Ledger(path: path).record(of: run)
      guard record.run.isComplete else { throw CheckError.unfinishedRun(record.run.id) }
      let examples = known?.bank(for: record.inputs).examples ?? []
      guard examples.isEmpty || record.attacks.contains(where: \.isReplay) else {
        throw CheckError.notReplayed(
          run: record.run.id, examples: examples.count, baseline: file)
      }
      return record
    }

    private var configuredLedger: String {
      get throws {
        FileManager.default.fileExists(atPath: options.config)
          ? try options.configuration().ledger : "assay.sqlite"
      }
    }
  }

  /// The command `assay baseline show`.
  struct ShowBaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Prints what a baseline holds, after checking its seal.")

    @Argument(help: "The file.") var file: String
    @Flag(help: "Print it as JSON.") var json = false

    private struct Contents: Encodable {
      let model: CheckedModel
      let data: String
      let samples: Int
      let examples: Int
      let fooling: Int
    }

    func run() throws {
      try requireFile(file, "make one with: assay baseline save \(file)")
      let baseline = try Baseline(file: file)
      let (record, bank) = (baseline.record, baseline.bank)
      let fooling = bank.examples.count(where: \.fools)
      guard !json else {
        return try Output.json(
          Contents(
            model: CheckedModel(record), data: record.data.name,
            samples: record.predictions.count, examples: bank.examples.count, fooling: fooling))
      }
      Output.line("\(record.model.name), run \(record.run.id) of \(record.run.started)")
      Output.line("\(record.data.name), \(record.data.selection)")
      Output.line(
        "\(bank.examples.count) adversarial examples, \(fooling) of them fool this model")
    }
  }
}

extension BankExample {
  /// What tells it from others, in words.
  fileprivate var identity: String { "\(sample) \(norm.rawValue) \(distance) \(modelSHA256)" }
}
