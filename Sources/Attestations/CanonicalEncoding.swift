/// One value on its way into canonical bytes.
///
/// A class, because the containers that a value asks for write into it.
final class CanonicalEncoding: Encoder {
  /// What was written, or what is still being written.
  private enum Part {
    case bytes(CanonicalBytes)
    case encoding(CanonicalEncoding)

    func finish(into target: inout CanonicalBytes) {
      switch self {
      case .bytes(let bytes): target.append(bytes.bytes)
      case .encoding(let encoding): encoding.finish(into: &target)
      }
    }
  }

  private var single: CanonicalBytes?
  private var list: [Part]?
  private var object: [(key: String, part: Part)] = []

  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(CanonicalObject<Key>(encoding: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    list = list ?? []
    return CanonicalList(encoding: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    CanonicalSingle(encoding: self)
  }

  /// How many elements the list has.
  var count: Int { list?.count ?? 0 }

  /// Writes the one value.
  func write(_ body: (inout CanonicalBytes) throws -> Void) rethrows {
    var bytes = CanonicalBytes()
    try body(&bytes)
    single = bytes
  }

  /// Writes the next element of the list.
  func append(_ body: (inout CanonicalBytes) throws -> Void) rethrows {
    var bytes = CanonicalBytes()
    try body(&bytes)
    list?.append(.bytes(bytes))
  }

  /// Writes the value of a key.
  func write(
    _ key: any CodingKey, _ body: (inout CanonicalBytes) throws -> Void
  ) rethrows {
    var bytes = CanonicalBytes()
    try body(&bytes)
    object.append((key.stringValue, .bytes(bytes)))
  }

  /// The encoding of the next element of the list, to be filled later.
  func appended() -> CanonicalEncoding {
    let encoding = CanonicalEncoding()
    list?.append(.encoding(encoding))
    return encoding
  }

  /// The encoding of the value of a key, to be filled later.
  func nested(_ key: String) -> CanonicalEncoding {
    let encoding = CanonicalEncoding()
    object.append((key, .encoding(encoding)))
    return encoding
  }

  /// Writes the whole value.
  func finish(into target: inout CanonicalBytes) {
    if let single { return target.append(single.bytes) }
    if let list {
      target.begin("a", count: list.count)
      for part in list { part.finish(into: &target) }
      return
    }
    target.begin("o", count: object.count)
    for entry in object.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      target.add(entry.key)
      entry.part.finish(into: &target)
    }
  }
}
