public import Audits
import Foundation

/// The records of a report for machines: one JSON object with a versioned schema.
///
///     {"format": "assay-report", "records": […], "schemaVersion": 1, "title": "…"}
///
/// Keys are sorted and numbers written shortest, so that equal records give equal bytes. Tensors
/// are little-endian bytes in base 64 beside their shape and type. The schema is
/// `reports/schema/report.schema.json`.
public struct ReportJSON: Codable, Hashable, Sendable {
  /// What every such file calls itself.
  public static let format = "assay-report"

  public var format = ReportJSON.format
  public var schemaVersion = AuditRecord.schemaVersion
  public var title: String
  public var records: [AuditRecord]

  public init(title: String, records: [AuditRecord]) {
    self.title = title
    self.records = records
  }

  /// The JSON text in UTF-8, ending in a newline.
  ///
  /// Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity".
  ///
  /// - Throws: an error of the encoder.
  public func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// The report of JSON text that `encoded()` wrote.
  ///
  /// - Throws: `ReportFormatError` for another format or a newer version, else the decoder's error.
  public init(decoding bytes: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let data = Data(bytes)
    let header = try decoder.decode(Header.self, from: data)
    guard header.format == Self.format else {
      throw ReportFormatError(expected: Self.format, got: header.format)
    }
    guard header.schemaVersion <= AuditRecord.schemaVersion else {
      throw ReportFormatError(
        expected: "schema version \(AuditRecord.schemaVersion) or older",
        got: "\(header.schemaVersion)")
    }
    self = try decoder.decode(ReportJSON.self, from: data)
  }

  private struct Header: Decodable {
    var format: String
    var schemaVersion: Int
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
  public var json: ReportJSON { ReportJSON(title: title, records: records) }
}
