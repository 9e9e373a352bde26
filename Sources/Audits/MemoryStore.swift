import Synchronization

/// A store that lives as long as the process: for the library's users and for tests.
public final class MemoryStore: AuditStore {
  private let runs = Mutex(Runs())

  private struct Runs: Sendable {
    var records: [String: AuditRecord] = [:]
  }

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
      if let record = runs.records[run.id] { return record }
      let record = AuditRecord(run: run, model: model, data: data)
      runs.records[run.id] = record
      return record
    }
  }

  public func append(_ predictions: [PredictionFinding], to run: String) throws {
    try change(run) { record in
      let known = Set(record.predictions.map(\.sample))
      record.predictions += predictions.filter { !known.contains($0.sample) }
      record.predictions.sort { $0.sample < $1.sample }
    }
  }

  public func append(_ findings: [AttackFinding], to run: String) throws {
    try change(run) { record in
      let known = Set(record.findings.map(\.key))
      record.findings += findings.filter { !known.contains($0.key) }
    }
  }

  public func append(_ explanations: [ExplanationFinding], to run: String) throws {
    try change(run) { record in
      let known = Set(record.explanations.map(\.key))
      record.explanations += explanations.filter { !known.contains($0.key) }
    }
  }

  public func store(_ attack: AttackDescription, in run: String) throws {
    try change(run) { record in
      if let index = record.attacks.firstIndex(where: { $0.id == attack.id }) {
        record.attacks[index] = attack
      } else {
        record.attacks.append(attack)
      }
    }
  }

  public func finish(
    _ run: String, measures: [Measure], warnings: [SoundnessWarning], gates: [GateResult]
  ) throws {
    try change(run) { record in
      record.measures = measures
      record.warnings = warnings
      record.gates = gates
      record.run.isComplete = true
    }
  }

  public func store(_ artefact: Artefact, in run: String) throws {
    try change(run) { record in
      record.artefacts.removeAll { $0.name == artefact.name }
      record.artefacts.append(artefact)
    }
  }

  public func record(of run: String) throws -> AuditRecord {
    guard let record = runs.withLock({ $0.records[run] }) else { throw UnknownRun(id: run) }
    return record.sorted()
  }

  private func change(_ run: String, _ body: (inout AuditRecord) -> Void) throws {
    try runs.withLock { runs in
      guard var record = runs.records[run] else { throw UnknownRun(id: run) }
      runs.records[run] = nil
      body(&record)
      runs.records[run] = record
    }
  }
}

extension AuditRecord {
  /// The record with its findings in the one order that all stores return them in.
  package func sorted() -> AuditRecord {
    var record = self
    let positions = attacks.enumerated().map { ($0.element.id, $0.offset) }
    let order = Dictionary(positions, uniquingKeysWith: { first, _ in first })
    record.predictions.sort { $0.sample < $1.sample }
    record.findings.sort { left, right in
      let (first, second) = (order[left.attack] ?? .max, order[right.attack] ?? .max)
      return (first, left.epsilon, left.sample) < (second, right.epsilon, right.sample)
    }
    record.explanations.sort { ($0.sample, $0.method) < ($1.sample, $1.method) }
    return record
  }
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
