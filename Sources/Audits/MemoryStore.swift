public import Assessments
import Synchronization

/// A store that lives as long as the process: for the library's users and for tests.
public final class MemoryStore: AuditStore {
  private let runs = Mutex<[String: StoredRun]>([:])

  /// The run that was asked for is not stored.
  public struct UnknownRun: Error, Sendable, CustomStringConvertible {
    public let id: String
    public var description: String { "there is no run '\(id)'" }
  }

  public init() {}

  public func begin(
    _ run: RunDescription, model: ModelDescription, data: DataDescription
  ) throws -> AuditRecord {
    runs.withLock { runs in
      let stored = runs[run.id] ?? StoredRun(AuditRecord(run: run, model: model, data: data))
      runs[run.id] = stored
      return stored.record.sorted()
    }
  }

  public func append(_ predictions: [PredictionFinding], to run: String) throws {
    try change(run) { $0.append(predictions) }
  }

  public func append(_ findings: [AttackFinding], to run: String) throws {
    try change(run) { $0.append(findings) }
  }

  public func append(_ explanations: [ExplanationFinding], to run: String) throws {
    try change(run) { $0.append(explanations) }
  }

  public func store(_ attack: AttackDescription, in run: String) throws {
    try change(run) { stored in
      if let index = stored.record.attacks.firstIndex(where: { $0.id == attack.id }) {
        stored.record.attacks[index] = attack
      } else {
        stored.record.attacks.append(attack)
      }
    }
  }

  public func finish(
    _ run: String, measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws {
    try change(run) { stored in
      stored.record.measures = measures
      stored.record.warnings = warnings
      stored.record.gates = gates
      stored.record.run.markDone()
    }
  }

  public func store(_ artefact: Artefact, in run: String) throws {
    try change(run) { stored in
      if let index = stored.record.artefacts.firstIndex(where: { $0.name == artefact.name }) {
        stored.record.artefacts[index] = artefact
      } else {
        stored.record.artefacts.append(artefact)
      }
    }
  }

  public func store(_ assessments: Assessments, in run: String) throws {
    try change(run) { $0.record.assessments = assessments }
  }

  public func store(_ statements: [HumanStatement], in run: String) throws {
    try change(run) { $0.record.statements = statements }
  }

  public func append(_ event: RunEvent, to run: String) throws {
    try change(run) { $0.record.events.append(event) }
  }

  public func append(_ signOff: SignOff, to run: String) throws {
    try change(run) { $0.record.signOffs.append(signOff) }
  }

  public func record(of run: String) throws -> AuditRecord {
    guard let stored = runs.withLock({ $0[run] }) else { throw UnknownRun(id: run) }
    return stored.record.sorted()
  }

  private func change(_ run: String, _ body: (inout StoredRun) -> Void) throws {
    try runs.withLock { runs in
      // Taken out while it changes, so that its arrays are not copied.
      guard var stored = runs.removeValue(forKey: run) else { throw UnknownRun(id: run) }
      body(&stored)
      runs[run] = stored
    }
  }
}

/// A record under construction, with the keys of what it holds.
private struct StoredRun: Sendable {
  var record: AuditRecord
  private var predictions: Set<Int> = []
  private var findings: Set<AttackFinding.Key> = []
  private var explanations: Set<ExplanationFinding.Key> = []

  init(_ record: AuditRecord) { self.record = record }

  mutating func append(_ new: [PredictionFinding]) {
    for finding in new where predictions.insert(finding.sample).inserted {
      record.predictions.append(finding)
    }
  }

  mutating func append(_ new: [AttackFinding]) {
    for finding in new where findings.insert(finding.key).inserted {
      record.findings.append(finding)
    }
  }

  mutating func append(_ new: [ExplanationFinding]) {
    for finding in new where explanations.insert(finding.key).inserted {
      record.explanations.append(finding)
    }
  }
}

extension AuditRecord {
  /// The record with its findings in the one order that all stores return them in.
  package func sorted() -> AuditRecord {
    var record = self
    let ranks = Dictionary(
      attacks.enumerated().map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    record.predictions.sort { $0.sample < $1.sample }
    let keys = findings.indices.map { index in
      let finding = findings[index]
      return (ranks[finding.attack] ?? .max, finding.epsilon, finding.sample, index)
    }
    record.findings = keys.sorted(by: <).map { findings[$0.3] }
    record.explanations = explanations.inOrder
    return record
  }
}

extension [ExplanationFinding] {
  /// By sample, and by method within a sample.
  var inOrder: [ExplanationFinding] { sorted { ($0.sample, $0.method) < ($1.sample, $1.method) } }
}

extension AttackFinding {
  /// What distinguishes a finding within a run.
  package struct Key: Hashable, Sendable {
    package let sample: Int
    package let attack: String
    package let epsilon: Double
  }

  package var key: Key { Key(sample: sample, attack: attack, epsilon: epsilon) }
}

extension ExplanationFinding {
  /// What distinguishes an explanation within a run.
  package struct Key: Hashable, Sendable {
    package let sample: Int
    package let method: String
  }

  package var key: Key { Key(sample: sample, method: method) }
}
