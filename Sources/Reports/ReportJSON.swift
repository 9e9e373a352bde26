public import Attestations
public import Audits

/// The records of a report for machines: one JSON object with a versioned schema.
///
///     {"format":"assay-report","records":[…],"schemaVersion":2,"title":"…"}
///
/// Keys are sorted and numbers written shortest, so that equal records give equal bytes. Findings
/// are columns (`ColumnwiseFindings`). Tensors are little-endian bytes in base 64 beside their shape and
/// type, packed by zlib where that makes them fewer. `jq .` sets the text in lines. The schema is
/// `reports/schema/report.schema.json`.
public struct ReportJSON: Codable, Hashable, Sendable {
  /// What every such file calls itself.
  public static let format = "assay-report"

  public var format = ReportJSON.format
  public var schemaVersion = AuditRecord.schemaVersion
  public var title: String
  public var records: [AuditRecord]
  /// What the records say to each profile's clauses; nil where no profile was chosen.
  public var compliance: [ComplianceMap]?

  public init(title: String, records: [AuditRecord], compliance: [ComplianceMap]? = nil) {
    self.title = title
    self.records = records
    self.compliance = compliance
  }

  /// The JSON text in UTF-8, ending in a newline.
  ///
  /// Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity".
  ///
  /// - Throws: an error of the encoder.
  public func encoded() throws -> [UInt8] { try StableJSON.encoded(self, as: .compact) }

  /// The report of JSON text that `encoded()` wrote.
  ///
  /// - Throws: `ReportFormatError` for another format or a newer version, else the decoder's error.
  public init(decoding bytes: [UInt8]) throws {
    self = try StableJSON.decoded(bytes, format: Self.format, newest: AuditRecord.schemaVersion)
  }
}

/// A JSON file that is not a report of this program, or one of a newer program.
public struct ReportFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  public var expected: String
  public var got: String

  public var description: String {
    "not a report that can be read: expected \(expected), got \(got)"
  }
}

extension ReportDocument {
  /// The records for machines.
  ///
  /// - Parameter manifests: Those of the records, where they were worked out already.
  /// - Returns: The records, with what they say to each profile.
  /// - Throws: `PNGError` where a figure that was signed cannot be drawn again.
  public func json(manifests: [Manifest]? = nil) throws -> ReportJSON {
    ReportJSON(
      title: title, records: records,
      compliance: profiles.isEmpty ? nil : compliance(try manifests ?? self.manifests()))
  }
}
