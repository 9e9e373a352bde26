import Crypto
import GRDB

/// The bytes that stand for stored values: the same whether they are about to be stored or were read.
///
/// A text is its length in bytes, a colon and the bytes; a value is a text that begins with its type,
/// and a blob is its length as such a text, followed by its bytes. What SQLite changes is changed here
/// first: a number that is none becomes null, −0 becomes 0, and a text ends before its first zero byte.
struct CanonicalForm {
  private(set) var bytes: [UInt8] = []

  var sha256: [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// Forgets what was added and keeps the memory.
  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  mutating func add(_ text: String) { add(text.utf8, after: []) }

  mutating func add(_ value: DatabaseValue) {
    switch value.storage {
    case .null: add("null")
    case .int64(let number): add(Self.digits(number).utf8, after: Self.integer)
    case .double(let number):
      guard !number.isNaN else { return add("null") }
      let pattern = (number == 0 ? 0 : number).bitPattern
      add(Self.digits(pattern).utf8, after: Self.real)
    case .string(let text): add(text.utf8.prefix { $0 != 0 }, after: Self.text)
    case .blob(let data):
      add(Self.digits(data.count).utf8, after: Self.blob)
      bytes.append(contentsOf: data)
    }
  }

  private static let integer = Array("integer ".utf8)
  private static let real = Array("real ".utf8)
  private static let text = Array("text ".utf8)
  private static let blob = Array("blob ".utf8)

  private static func digits(_ number: some BinaryInteger) -> String { String(number) }

  private mutating func add(_ text: some Collection<UInt8>, after type: [UInt8]) {
    bytes.append(contentsOf: Self.digits(type.count + text.count).utf8)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: type)
    bytes.append(contentsOf: text)
  }
}
