import AttackSuites
import Attacks
import ConfigurationFiles
import Audits
import Datasets
import Foundation
import Ledger
import Models
import Tensors

/// Everything that an audit needs, read and checked before the ledger is touched.
struct AuditPreparation {
  private(set) var plan: AuditPlan
  let subject: AuditSubject
  private let classifier: any ModelClassifier
  private(set) var description: RunDescription
  private let modelDescription: ModelDescription
  private let dataDescription: DataDescription
  /// What decides the findings.
  private let identity: [String]

  init(_ command: AuditCommand) throws {
    let loaded = try command.model.load(for: command.data)
    let model = loaded.model
    let suite = try BuiltInSuites.suite(command.suite)
    let chosen = try command.data.load(for: loaded, atMost: suite.samples)
    let samples = chosen.samples
    try model.checkLabels(samples)
    let training = try command.training.load(for: loaded, beside: command.data)
    plan = try AuditPlan(
      suite, for: model.input, classNames: model.classNames,
      hasTrainingSamples: training != nil, threads: command.model.threads,
      batchLimit: command.batch)
    try Self.checkGates(of: suite, plan, samples)
    plan.shard = command.shard
    classifier = try command.model.classifier(model)
    let modelSum = try FileHash.sha256(ofFiles: [command.model.model] + loaded.companions)
    let dataSums = try samples.files.map {
      NamedValue(URL(filePath: $0).lastPathComponent, try FileHash.sha256(ofFile: $0))
    }
    var subject = AuditSubject(
      inputs: samples.inputs, labels: samples.classIndices, samples: chosen.indices,
      names: samples.sampleNames, protectedAttributes: samples.protectedAttributes,
      background: training?.background(model.input), training: training?.labelled)
    subject.positiveClass = samples.positiveClass
    subject.protectedFeatures = samples.schema?.protectedFeatures ?? []
    self.subject = subject
    modelDescription = ModelDescription(model, sha256: modelSum)
    dataDescription = DataDescription(
      name: samples.source, sha256: dataSums, selection: chosen.selection,
      sampleCount: samples.count, classCounts: model.counts(samples.classIndices),
      features: subject.featureSummaries(model.input),
      notes: (samples.schema?.provenance ?? []) + samples.notes)
    identity = try Self.identity(command, suite, modelSum, dataSums, chosen)
    description = RunDescription(
      id: Self.id(identity), title: command.title ?? "\(model.name) on \(samples.source)",
      started: Date.now.formatted(.iso8601), command: CommandLine.repeatable,
      seed: command.seed, suiteName: suite.name, suiteText: suite.text,
      environment: try RunEnvironment.current(classifier.backend))
  }

  /// Gates that no audit of these data could judge are refused before it begins.
  private static func checkGates(of suite: Suite, _ plan: AuditPlan, _ samples: Dataset) throws {
    let known = samples.protectedAttributes.keys.sorted()
    for gate in suite.gates {
      func refuse(_ problem: String) -> ConfigurationError {
        ConfigurationError(place: gate.place, .invalid(problem))
      }
      if let group = gate.group, !known.contains(group) {
        throw refuse(
          known.isEmpty
            ? "the data state no protected attributes; name them in the data's description"
            : "the data have no protected attribute '\(group)'; they have "
              + known.joined(separator: ", "))
      }
      let isParity = [.selectionRatio, .equalizedOdds].contains(gate.measure)
      if isParity, plan.assessments.decision == nil {
        throw refuse(
          "'\(gate.measure.rawValue)' is about decisions; state 'decisions' in the suite")
      }
    }
  }

  private static func identity(
    _ command: AuditCommand, _ suite: Suite, _ model: String, _ data: [NamedValue],
    _ chosen: ChosenData
  ) throws -> [String] {
    [
      ToolVersion.current, model, suite.text, String(command.seed), command.model.bounds ?? "",
      chosen.indices.map(String.init).joined(separator: ","),
    ] + data.map(\.value)
      + (command.model.imported.isEmpty ? [] : command.model.imported.identity)
      + (try command.training.training.map { ["training", try FileHash.sha256(ofFile: $0)] } ?? [])
  }

  /// Twelve digits of the hash of everything that decides the findings.
  private static func id(_ identity: [String]) -> String {
    let text = identity.joined(separator: "\n")
    return String(FileHash.sha256(of: Data(text.utf8)).prefix(12))
  }

  /// Changes the plan; what the change depends on becomes part of the run's identity.
  mutating func change(_ reasons: [String], _ body: (inout AuditPlan) throws -> Void) rethrows {
    try body(&plan)
    description.id = Self.id(identity + reasons)
  }

  /// Runs what is left of the audit, with a line that follows it.
  ///
  /// - Parameters:
  ///   - store: The ledger.
  ///   - label: What the line calls it.
  ///   - judge: The verdicts, as `AuditRun.execute` has them.
  /// - Returns: The record.
  /// - Throws: what the audit throws.
  func run(
    into store: Ledger, label: String, judge: ((AuditRecord) throws -> [GateResult])? = nil
  ) throws -> AuditRecord {
    let audit = try AuditRun(
      description, plan: plan, classifier: classifier, subject: subject, store: store)
    let progress = Progress(label)
    let record = try audit.execute(
      model: modelDescription, data: dataDescription, judge: judge
    ) {
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
    case .attacks: 0.02 + 0.68 * fraction
    case .explanations: 0.7 + 0.12 * fraction
    case .assessments: 0.82 + 0.15 * fraction
    case .measures: 0.97 + 0.03 * fraction
    }
  }
}

extension Model {
  fileprivate func counts(_ labels: [Int]) -> [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classNames.count)) { $0[$1] += 1 }
  }
}
