public import Attestations
public import Audits

extension ReportDocument {
  /// What the root of each run stands for, in the order of the records.
  ///
  /// - Throws: `PNGError` where libpng fails.
  public func manifests() throws -> [Manifest] { try records.map(Self.manifest) }

  /// The manifest of a run: its record, and the figures of a report on it alone.
  ///
  /// Figures are those in English, whatever the report's language and title, so that a run has one
  /// root.
  ///
  /// - Throws: `PNGError` where libpng fails.
  public static func manifest(of record: AuditRecord) throws -> Manifest {
    let figures = try ReportDocument(title: "", records: [record]).pictures()
    return Manifest(record, figures: figures.map { NamedValue($0.name, $0.bytes.sha256) })
  }
}
