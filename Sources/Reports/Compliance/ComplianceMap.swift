public import Attestations
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
  /// - Parameter manifests: Those of the records, which signatures are held against.
  /// - Returns: The maps, in the order of the profiles.
  public func compliance(_ manifests: [Manifest]) -> [ComplianceMap] {
    guard !profiles.isEmpty else { return [] }
    let records = groups.enumerated().flatMap { index, group in
      group.map { evidence(of: $0, chapter: index + ReportPage.firstChapter, manifests) }
    }
    return profiles.map { ComplianceMap($0, records) }
  }

  private func evidence(
    of record: AuditRecord, chapter: Int, _ manifests: [Manifest]
  ) -> RecordEvidence {
    let manifest = manifests.first { $0.run == record.run.id }
    return RecordEvidence(
      record: record, chapter: chapter,
      hasChange: changes.contains { [$0.first.run.id, $0.second.run.id].contains(record.run.id) },
      isSigned: manifest.map { manifest in
        record.signOffs.contains { $0.state(for: manifest) == .current }
      } ?? false)
  }
}
