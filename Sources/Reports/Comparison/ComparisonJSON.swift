public import Checks

/// What changed between two audits, for machines: one JSON object with a versioned schema.
///
///     {"comparison": {…}, "format": "assay-comparison", "history": […], "schemaVersion": 1,
///      "sentence": "…"}
///
/// Keys are sorted and numbers written shortest, so that equal comparisons give equal bytes.
public struct ComparisonJSON: Codable, Hashable, Sendable {
  /// What every such file calls itself.
  public static let format = "assay-comparison"

  public var format = ComparisonJSON.format
  public var schemaVersion = RecordComparison.schemaVersion
  /// The changes in one sentence, for those who read nothing else.
  public var sentence: String
  public var comparison: RecordComparison
  /// The gates over the versions of the second model; empty where there are too few.
  public var history: [GateHistory]

  public init(comparison: RecordComparison, history: [GateHistory]) {
    sentence = comparison.sentence
    self.comparison = comparison
    self.history = history
  }

  /// The JSON text in UTF-8, ending in a newline.
  ///
  /// - Throws: an error of the encoder.
  public func encoded() throws -> [UInt8] { try StableJSON.encoded(self) }

  /// The comparison of JSON text that `encoded()` wrote.
  ///
  /// - Throws: `ReportFormatError` for another format or a newer version, else the decoder's error.
  public init(decoding bytes: [UInt8]) throws {
    self = try StableJSON.decoded(
      bytes, format: Self.format, newest: RecordComparison.schemaVersion)
  }
}
