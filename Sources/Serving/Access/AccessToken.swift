/// The secret that opens the pages: 128 random bits.
package struct AccessToken: Hashable, Sendable {
  /// 32 hexadecimal digits.
  package let value: String
  /// Cookies belong to a host, whatever its port: a name of its own keeps two servers apart.
  package let cookieName: String

  /// A new secret.
  package init() {
    var random = SystemRandomNumberGenerator()
    let halves = [random.next(), random.next()] as [UInt64]
    self.init(value: halves.map(Self.digits).joined(), name: Self.digits(random.next()))
  }

  init(value: String, name: String) {
    self.value = value
    cookieName = "assay-" + name.prefix(8)
  }

  /// Whether a text is the secret, in a time that depends on no digit of either.
  func matches(_ text: String) -> Bool {
    let (own, other) = (Array(value.utf8), Array(text.utf8))
    guard own.count == other.count else { return false }
    return zip(own, other).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func digits(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
