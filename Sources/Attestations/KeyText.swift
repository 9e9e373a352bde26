import Foundation

/// The bytes of keys in the files that people have: PEM, or base64 alone.
enum KeyText {
  /// What stands between the lines of a PEM block, decoded; nil where there is no such block.
  static func block(_ label: String, in text: String) -> [UInt8]? {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard let first = lines.firstIndex(of: "-----BEGIN \(label)-----"),
      let last = lines[first...].firstIndex(of: "-----END \(label)-----")
    else { return nil }
    return Data(base64Encoded: lines[(first + 1)..<last].joined()).map(Array.init)
  }

  /// A PEM block.
  static func pem(_ label: String, _ bytes: [UInt8]) -> String {
    let digits = Data(bytes).base64EncodedString()
    let lines = stride(from: 0, to: digits.count, by: 64).map { start in
      digits.dropFirst(start).prefix(64)
    }
    return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----", ""])
      .joined(separator: "\n")
  }

  /// 32 bytes in base64 and nothing else; nil for anything else.
  static func raw(_ text: String) -> [UInt8]? {
    let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return Data(base64Encoded: words).map(Array.init).flatMap { $0.count == 32 ? $0 : nil }
  }

  /// What stands before the key in the DER forms of Ed25519 keys.
  ///
  /// - Source: Josefsson and Schaad 2018, RFC 8410, sections 4 and 7.
  static let publicPrefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  static let privatePrefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  /// The 32 bytes after a prefix; nil where the bytes are not that form.
  static func key(in bytes: [UInt8], after prefix: [UInt8]) -> [UInt8]? {
    guard bytes.count == prefix.count + 32, bytes.starts(with: prefix) else { return nil }
    return Array(bytes.dropFirst(prefix.count))
  }
}
