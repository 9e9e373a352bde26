public import Audits

extension RecordComparison {
  /// A warning that only one of the runs raised.
  public struct WarningChange: Codable, Hashable, Sendable {
    /// Whether the second run raised it; else the first did, and it is gone.
    public var isNew: Bool
    public var name: String
    /// What was seen, with its numbers.
    public var raised: String
    /// Whether robust accuracy must not be believed while it stands.
    public var isVeto: Bool
  }

  /// A gate of both runs whose verdict is another one.
  public struct GateChange: Codable, Hashable, Sendable {
    /// The requirement in words.
    public var requirement: String
    public var first: GateResult.Verdict
    public var firstValue: Double?
    public var second: GateResult.Verdict
    public var secondValue: Double?
    public var threshold: Double
    /// Whether the value must be at least the threshold, or at most.
    public var isAtLeast: Bool
  }

  static func warningChanges(_ first: AuditRecord, _ second: AuditRecord) -> [WarningChange] {
    func raised(_ record: AuditRecord, notIn other: AuditRecord, isNew: Bool) -> [WarningChange] {
      let known = Set(other.warnings.map(\.name))
      return record.warnings.filter { !known.contains($0.name) }.map {
        WarningChange(isNew: isNew, name: $0.name, raised: $0.raised, isVeto: $0.isVeto)
      }
    }
    return raised(second, notIn: first, isNew: true) + raised(first, notIn: second, isNew: false)
  }

  static func gateChanges(_ first: AuditRecord, _ second: AuditRecord) -> [GateChange] {
    second.gates.compactMap { gate in
      guard let before = first.gates.first(where: { $0.requirement == gate.requirement }),
        before.verdict != gate.verdict
      else { return nil }
      return GateChange(
        requirement: gate.requirement, first: before.verdict, firstValue: before.value,
        second: gate.verdict, secondValue: gate.value, threshold: gate.threshold,
        isAtLeast: gate.isAtLeast)
    }
  }
}
