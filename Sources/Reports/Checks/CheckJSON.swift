public import Checks

/// A check for machines: one JSON object with a versioned schema.
///
///     {"check": {…}, "format": "assay-check", "outcome": "failed", "schemaVersion": 1,
///      "sentence": "FAILED: …"}
///
/// Keys are sorted and numbers written shortest, so that equal checks give equal bytes. The tensors
/// of the worst cases are little-endian bytes in base 64 beside their shape and type, as in
/// `ReportJSON`. The schema is `reports/schema/check.schema.json`.
public struct CheckJSON: Codable, Hashable, Sendable {
  /// What every such file calls itself.
  public static let format = "assay-check"

  public var format = CheckJSON.format
  public var schemaVersion = CheckRecord.schemaVersion
  /// The outcome that the gates of the check have together, for those who read nothing else.
  public var outcome: CheckRecord.Outcome
  /// The same in one sentence.
  public var sentence: String
  public var check: CheckRecord

  public init(_ check: CheckRecord) {
    outcome = check.outcome
    sentence = check.sentence
    self.check = check
  }

  /// The JSON text in UTF-8, ending in a newline.
  ///
  /// Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity".
  ///
  /// - Throws: an error of the encoder.
  public func encoded() throws -> [UInt8] { try StableJSON.encoded(self) }

  /// The check of JSON text that `encoded()` wrote.
  ///
  /// - Throws: `ReportFormatError` for another format or a newer version, else the decoder's error.
  public init(decoding bytes: [UInt8]) throws {
    self = try StableJSON.decoded(bytes, format: Self.format, newest: CheckRecord.schemaVersion)
  }
}

extension CheckRecord {
  /// The check for machines.
  public var json: CheckJSON { CheckJSON(self) }
}
