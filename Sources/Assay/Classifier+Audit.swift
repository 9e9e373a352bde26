public import Attacks
import Attestations
public import Audits
import Crypto
public import Datasets
import Execution
import Foundation
public import Models
import Tensors

extension ModelClassifier {
  /// Audits the model on a data set: attacks, explanations, measures, verdicts.
  ///
  /// Of a model without gradient, the record names what the suite asked for and could not get.
  ///
  /// The run's id derives from model, samples, suite and seed: with a store that lasts, a run that
  /// was interrupted resumes when it is asked for again.
  ///
  /// - Parameters:
  ///   - data: Labelled samples that the model was not trained on.
  ///   - suite: What is tried, and what is required.
  ///   - training: Samples that the model was trained on, for baselines, drift, leakage and reference
  ///     populations; nil for none.
  ///   - seed: The seed of all random numbers.
  ///   - threads: The number of worker threads, on which no result depends.
  ///   - store: Where findings are kept as they are made: memory, or a `Ledger`.
  ///   - title: The title of the report.
  ///   - report: Receives the phase, how much of it is done, and a detail.
  /// - Returns: Everything that was found.
  /// - Throws: `AuditError` or `AttackError` if suite, samples and model do not fit together, or
  ///   what the store throws.
  public func audited(
    on data: Dataset, by suite: Suite, training: Dataset? = nil, seed: UInt64 = 0,
    threads: Int = 1, into store: any AuditStore = MemoryStore(), title: String? = nil,
    report: @escaping AuditRun.Report = { _, _, _ in }
  ) throws -> AuditRecord {
    let plan = try AuditPlan(
      suite, for: input, classNames: classNames, hasTrainingSamples: training != nil,
      threads: threads)
    let labels = try labels(of: data)
    let subject = AuditSubject(
      inputs: data.inputs, labels: labels, samples: Array(labels.indices),
      names: data.sampleNames, protectedAttributes: data.protectedAttributes,
      background: try training.map(encoded), training: try training.flatMap(labelled))
    let modelSum = Self.sum(
      [Array("\(model.program)".utf8)]
        + model.parameters.sorted { $0.key < $1.key }.flatMap {
          [Array($0.key.utf8), Array($0.value.bytes)]
        })
    let dataSum = Self.sum(
      [Array(data.inputs.bytes)]
        + [labels.map(String.init).joined(separator: ",")].map {
          Array($0.utf8)
        })
    var identity = [modelSum, dataSum, suite.text, String(seed)]
    // The same model gives fewer findings where it is only queried.
    if case .queries = access { identity.append("answers only") }
    let description = RunDescription(
      id: String(Self.sum(identity.map { Array($0.utf8) }).prefix(12)),
      title: title ?? "\(model.name) on \(data.source)",
      started: Date.now.formatted(.iso8601), command: "a program that uses the Swift library",
      seed: seed, suiteName: suite.name, suiteText: suite.text,
      environment: [NamedValue("backend", backend.description)])
    let run = try AuditRun(
      description, plan: plan, classifier: self, subject: subject, store: store)
    return try run.execute(
      model: ModelDescription(model, sha256: modelSum),
      data: DataDescription(
        name: data.source, sha256: [NamedValue("samples and labels", dataSum)],
        selection: "\(data.count) samples", sampleCount: data.count,
        classCounts: classNames.indices.map { index in labels.count { $0 == index } },
        features: subject.featureSummaries(input), notes: data.notes),
      report: report)
  }

  /// The SHA-256 sum of byte strings, each with its length before it.
  private static func sum(_ parts: [[UInt8]]) -> String {
    var hash = SHA256()
    for part in parts {
      hash.update(data: Array("\(part.count):".utf8))
      hash.update(data: part)
    }
    return hash.finalize().hexadecimal
  }
}
