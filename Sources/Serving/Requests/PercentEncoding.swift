/// Text in addresses.
///
/// - Source: RFC 3986, section 2; the plus sign for a space in forms: WHATWG, URL Standard, section 5.
enum PercentEncoding {
  /// The text with everything but unreserved characters as "%" and two digits.
  static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      isUnreserved(byte)
        ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  /// The text of a part of a path; nil where it is no UTF-8.
  static func decoded(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = value(of: rest.prefix(2)) else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The text of a name or value that a form sent.
  static func decodedForm(_ text: some StringProtocol) -> String? {
    decoded(text.map { $0 == "+" ? "%20" : String($0) }.joined())
  }

  private static func value(of digits: ArraySlice<UInt8>) -> UInt8? {
    let text = String(decoding: digits, as: UTF8.self)
    // `UInt8(_:radix:)` would take a sign for a digit.
    return text.allSatisfy(\.isHexDigit) ? UInt8(text, radix: 16) : nil
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
