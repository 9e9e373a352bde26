/// Reads decimal numbers from bytes, correctly rounded.
enum NumberParser {
  /// The number that the bytes spell, nil if they spell none or not only one.
  ///
  /// Up to 15 digits and powers of ten up to 22 are exact in double precision, so that one
  /// division rounds correctly; anything else goes to the standard library.
  ///
  /// - Source: Clinger 1990, "How to read floating point numbers accurately", section 4.
  static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
    var position = bytes.startIndex
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { position += 1 }
    var mantissa = 0
    var digits = 0
    var decimals = 0
    var hasPoint = false
    while position < bytes.endIndex {
      let byte = bytes[position]
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 15 {
        mantissa = mantissa * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
        if hasPoint { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        return Double(String(decoding: bytes, as: UTF8.self))
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    let value = Double(mantissa) / powers[decimals]
    return isNegative ? -value : value
  }

  private static let powers = (0...15).reduce(into: [Double]()) { powers, _ in
    powers.append((powers.last ?? 0.1) * 10)
  }
}
