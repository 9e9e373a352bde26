import ArgumentParser
import Audits
import Checks
import Foundation
import Ledger
import Tensors

/// Where a check finds what it is to do, and what the command line changes in it.
struct CheckOptions: ParsableArguments {
  @Option(help: "The file that states the check.") var config = "assay.yaml"
  @Option(help: "Another model than the file names.") var model: String?
  @Option(help: "Another seed than the file states.") var seed: UInt64?
  @Option(help: "Another budget: 2m, 90s or '200000 gradients'.") var budget: String?
  @Option(help: "Another ledger than the file names.") var ledger: String?

  /// What the file states, with the changes of the command line.
  ///
  /// - Throws: `ConfigurationError`, or `UsageError` for a budget that is none.
  func configuration() throws -> CheckConfiguration {
    try requireFile(config, "make one with 'assay init', or name another with --config")
    var configuration = try CheckConfiguration(file: config)
    if let model { configuration.model = model }
    if let seed { configuration.seed = seed }
    if let ledger { configuration.ledger = ledger }
    if let budget {
      guard let parsed = AttackBudget(budget) else {
        throw UsageError("--budget takes 2m, 90s or '200000 gradients'; got '\(budget)'")
      }
      configuration.budget = parsed
    }
    return configuration
  }
}

extension CheckConfiguration {
  /// The audit of the configured model, as its command would prepare it.
  func preparation() throws -> AuditPreparation {
    var arguments = [
      model, "--data", data, "--suite", suite, "--seed", String(seed), "--ledger", ledger,
    ]
    let optional = [
      ("--schema", schema), ("--part", part), ("--limit", samples.map(String.init)),
      ("--threads", threads.map(String.init)),
    ]
    for (name, value) in optional {
      if let value { arguments += [name, value] }
    }
    return try AuditPreparation(AuditCommand.parse(arguments))
  }
}

extension Baseline {
  /// - Throws: `LedgerError` if the file is no baseline, or damaged.
  init(file: String) throws {
    let (record, bank) = try BaselineFile.load(file)
    self.init(record: record, bank: bank)
  }

  /// The examples whose samples others still have, unchanged.
  ///
  /// - Parameter inputs: The raw inputs of the others, by sample.
  /// - Returns: A part of the bank.
  func bank(for inputs: [Int: Tensor]) -> AdversarialBank {
    let same = Set(
      record.predictions.filter { inputs[$0.sample] == $0.input }.map(\.sample))
    return AdversarialBank(bank.examples.filter { same.contains($0.sample) })
  }
}

extension AuditRecord {
  /// The raw inputs by sample.
  var inputs: [Int: Tensor] {
    Dictionary(
      predictions.map { ($0.sample, $0.input) }, uniquingKeysWith: { first, _ in first })
  }
}

extension AuditSubject {
  /// The raw inputs by sample.
  var inputsBySample: [Int: Tensor] {
    Dictionary(
      samples.indices.map { (samples[$0], inputs.row($0)) },
      uniquingKeysWith: { first, _ in first })
  }
}
