import Audits
import Foundation
import Tensors

/// How this program writes and reads JSON: equal values give equal bytes.
///
/// Keys are sorted and numbers written shortest. Numbers that JSON lacks are the strings "NaN",
/// "Infinity" and "-Infinity".
enum StableJSON {
  /// How the text is laid out.
  enum Form {
    /// A line a value, for people too.
    case readable
    /// Without spaces, tensors packed: for files of many findings.
    case compact
  }

  /// The JSON text in UTF-8, ending in a newline.
  ///
  /// - Throws: an error of the encoder.
  static func encoded(_ value: some Encodable, as form: Form = .readable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    switch form {
    case .readable: encoder.outputFormatting.insert(.prettyPrinted)
    case .compact: CodingUserInfoKey.packsTensors.map { encoder.userInfo[$0] = true }
    }
    encoder.nonConformingFloatEncodingStrategy = .named
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }

  /// The value of JSON text whose header names the format and a version that is not newer.
  ///
  /// - Throws: `ReportFormatError` for another format or a newer version, else the decoder's error.
  static func decoded<Value: Decodable>(
    _ bytes: [UInt8], format: String, newest: Int
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .named
    let data = Data(bytes)
    let header = try decoder.decode(Header.self, from: data)
    guard header.format == format else {
      throw ReportFormatError(expected: format, got: header.format)
    }
    guard header.schemaVersion <= newest else {
      throw ReportFormatError(
        expected: "schema version \(newest) or older", got: "\(header.schemaVersion)")
    }
    return try decoder.decode(Value.self, from: data)
  }

  private struct Header: Decodable {
    var format: String
    var schemaVersion: Int
  }
}
