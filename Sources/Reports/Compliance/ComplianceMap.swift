import Attestations
import Audits

/// A profile's items, and what the records of a report say to each.
public struct ComplianceMap: Codable, Hashable, Sendable {
  public var name: String
  public var title: String
  public var asOf: String
  public var source: String
  public var note: String
  public var items: [Entry]

  /// An item with its status.
  public struct Entry: Codable, Hashable, Sendable {
    public var id: String
    public var clause: String
    public var asks: String
    public var confirmed: Bool
    /// That of the worst part.
    public var outcome: EvidenceStatus.Outcome
    /// One for each kind of evidence that the item asks for.
    public var parts: [Part]
  }

  /// A kind of evidence with its status over all records.
  public struct Part: Codable, Hashable, Sendable {
    public var evidence: Evidence
    public var status: EvidenceStatus
  }

  /// - Precondition: there is at least one record.
  init(_ profile: ComplianceProfile, _ records: [RecordEvidence]) {
    precondition(!records.isEmpty, "expected at least one record")
    name = profile.name
    title = profile.title
    asOf = profile.asOf
    source = profile.source
    note = profile.note
    items = profile.items.map { item in
      let parts = item.evidence.map { evidence in
        Part(
          evidence: evidence,
          status: EvidenceStatus(allOf: records.map { $0.status(of: evidence) }))
      }
      return Entry(
        id: item.id, clause: item.clause, asks: item.asks, confirmed: item.confirmed,
        outcome: .worst(of: parts.map(\.status.outcome)), parts: parts)
    }
  }
}

extension ReportDocument {
  /// One map a profile.
  ///
  /// - Throws: `PNGError` where a figure that was signed cannot be drawn again.
  public func compliance() throws -> [ComplianceMap] {
    guard !profiles.isEmpty else { return [] }
    let records = try groups.enumerated().flatMap { index, group in
      try group.map { try evidence(of: $0, chapter: index + ReportPage.firstChapter) }
    }
    return profiles.map { ComplianceMap($0, records) }
  }

  private func evidence(of record: AuditRecord, chapter: Int) throws -> RecordEvidence {
    let isChanged = changes.contains { $0.second.run.id == record.run.id }
    guard !record.signOffs.isEmpty else {
      return RecordEvidence(record: record, chapter: chapter, hasChange: isChanged)
    }
    let manifest = try Self.manifest(of: record)
    return RecordEvidence(
      record: record, chapter: chapter, hasChange: isChanged,
      isSigned: record.signOffs.contains { $0.state(for: manifest) == .current })
  }
}
