import ArgumentParser
import AttackSuites
import Attacks
import Audits
import Datasets
import Explanations
import Foundation
import Ledger
import Models
import NativeBackend
import Reports
import Tensors

/// The command `assay audit`.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Audits a model: attacks, explanations, verdicts and a report.",
    discussion: """
      Everything is recorded in the ledger as it is found: a run that was interrupted resumes when the
      same command is given again. Suites are quick, standard, tabular, or a YAML file.

      Example:
        assay audit digits.safetensors --data mnist.npz --suite standard --limit 200 --out report
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var ledger: LedgerOptions

  @Option(help: "The suite: quick, standard, tabular, or a YAML file.") var suite = "standard"
  @Option(help: "The seed of all random numbers.") var seed: UInt64 = 0
  @Option(help: "At most this many samples are attacked together; results do not depend on it.")
  var batch: Int?
  @Option(help: "The folder to write the report to; without it, only the ledger is written.")
  var out: String?
  @Option(help: "The title of the report.") var title: String?
  @Flag(help: "Print the record as JSON.") var json = false

  func validate() throws {
    if let batch, batch < 1 { throw ValidationError("--batch must be at least 1") }
  }

  func run() throws {
    let preparation = try AuditPreparation(self)
    if let out { try ReportFiles.prepare(out) }
    let store = try Ledger(path: ledger.ledger)
    let record = try preparation.run(into: store)
    if let out { try ReportFiles.write([record], title: record.run.title, to: out, store) }
    if json { try Output.json(record) } else { RecordSummary(record).print() }
    if let out, !json { Output.line("\nReport: \(out)/report.html") }
    if record.gates.contains(where: { $0.verdict == .failed }) { throw ExitStatus.gateFailed }
  }
}

/// Everything that an audit needs, read and checked before the ledger is touched.
private struct AuditPreparation {
  private let plan: AuditPlan
  private let subject: AuditSubject
  private let classifier: any ModelClassifier
  private let description: RunDescription
  private let modelDescription: ModelDescription
  private let dataDescription: DataDescription

  init(_ command: AuditCommand) throws {
    let loaded = try command.model.load(for: command.data)
    let model = loaded.model
    let suite = try BuiltInSuites.suite(command.suite)
    let chosen = try command.data.load(for: loaded, atMost: suite.samples)
    let samples = chosen.samples
    try model.checkLabels(samples)
    let background = try command.data.trainingBackground(for: loaded)
    plan = try AuditPlan(
      suite, for: model.input, hasTrainingSamples: background != nil,
      threads: command.model.threads, batchLimit: command.batch)
    classifier = try command.model.classifier(model)
    let modelSum = try FileHash.sha256(ofFiles: [command.model.model] + loaded.companions)
    let dataSums = try samples.files.map {
      NamedValue(URL(filePath: $0).lastPathComponent, try FileHash.sha256(ofFile: $0))
    }
    subject = AuditSubject(
      inputs: samples.inputs, labels: samples.classIndices, samples: chosen.indices,
      names: samples.sampleNames, protectedAttributes: samples.protectedAttributes,
      background: background)
    modelDescription = ModelDescription(model, sha256: modelSum)
    dataDescription = DataDescription(
      name: samples.source, sha256: dataSums, selection: chosen.selection,
      sampleCount: samples.count, classCounts: model.counts(samples.classIndices),
      features: subject.featureSummaries(model.input), notes: samples.notes)
    description = RunDescription(
      id: Self.identity(command, suite, modelSum, dataSums, chosen),
      title: command.title ?? "\(model.name) on \(samples.source)",
      started: Date.now.formatted(.iso8601), command: CommandLine.repeatable,
      seed: command.seed, suiteName: suite.name, suiteText: suite.text,
      environment: RunEnvironment.current(classifier.backend))
  }

  /// Twelve digits of the hash of everything that decides the findings.
  private static func identity(
    _ command: AuditCommand, _ suite: Suite, _ model: String, _ data: [NamedValue],
    _ chosen: ChosenData
  ) -> String {
    let parts =
      [
        ToolVersion.current, model, suite.text, String(command.seed), command.model.bounds ?? "",
        chosen.indices.map(String.init).joined(separator: ","),
      ] + data.map(\.value)
      + (command.model.imported.isEmpty ? [] : command.model.imported.identity)
    let text = parts.joined(separator: "\n")
    return String(FileHash.sha256(of: Data(text.utf8)).prefix(12))
  }

  func run(into store: Ledger) throws -> AuditRecord {
    let audit = try AuditRun(
      description, plan: plan, classifier: classifier, subject: subject, store: store)
    let progress = Progress("Audit")
    let record = try audit.execute(model: modelDescription, data: dataDescription) {
      progress.update($0.overall($1), $2.isEmpty ? $0.rawValue : $2)
    }
    progress.finish("Audited \(record.predictions.count) samples.")
    return record
  }
}

extension AuditRun.Phase {
  /// How much of a whole audit is done; attacks take most of it.
  fileprivate func overall(_ fraction: Double) -> Double {
    switch self {
    case .predictions: 0.02 * fraction
    case .attacks: 0.02 + 0.78 * fraction
    case .explanations: 0.8 + 0.17 * fraction
    case .measures: 0.97 + 0.03 * fraction
    }
  }
}

extension Model {
  fileprivate func counts(_ labels: [Int]) -> [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classNames.count)) { $0[$1] += 1 }
  }
}
