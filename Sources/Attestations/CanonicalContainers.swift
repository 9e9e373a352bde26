/// The container of a value that is one number, text or other value.
struct CanonicalSingle: SingleValueEncodingContainer {
  let encoding: CanonicalEncoding
  var codingPath: [any CodingKey] { [] }

  func encodeNil() throws { encoding.write { $0.addNothing() } }
  func encode(_ value: Bool) throws { encoding.write { $0.add(value) } }
  func encode(_ value: String) throws { encoding.write { $0.add(value) } }
  func encode(_ value: Double) throws { encoding.write { $0.add(value) } }
  func encode(_ value: Float) throws { encoding.write { $0.add(value) } }
  func encode(_ value: Int) throws { encoding.write { $0.add(Int64(value)) } }
  func encode(_ value: Int8) throws { encoding.write { $0.add(Int64(value)) } }
  func encode(_ value: Int16) throws { encoding.write { $0.add(Int64(value)) } }
  func encode(_ value: Int32) throws { encoding.write { $0.add(Int64(value)) } }
  func encode(_ value: Int64) throws { encoding.write { $0.add(value) } }
  func encode(_ value: UInt) throws { encoding.write { $0.add(UInt64(value)) } }
  func encode(_ value: UInt8) throws { encoding.write { $0.add(UInt64(value)) } }
  func encode(_ value: UInt16) throws { encoding.write { $0.add(UInt64(value)) } }
  func encode(_ value: UInt32) throws { encoding.write { $0.add(UInt64(value)) } }
  func encode(_ value: UInt64) throws { encoding.write { $0.add(value) } }
  func encode(_ value: some Encodable) throws { try encoding.write { try $0.add(value) } }
}

/// The container of a list.
struct CanonicalList: UnkeyedEncodingContainer {
  let encoding: CanonicalEncoding
  var codingPath: [any CodingKey] { [] }
  var count: Int { encoding.count }

  func encodeNil() throws { encoding.append { $0.addNothing() } }
  func encode(_ value: Bool) throws { encoding.append { $0.add(value) } }
  func encode(_ value: String) throws { encoding.append { $0.add(value) } }
  func encode(_ value: Double) throws { encoding.append { $0.add(value) } }
  func encode(_ value: Float) throws { encoding.append { $0.add(value) } }
  func encode(_ value: Int) throws { encoding.append { $0.add(Int64(value)) } }
  func encode(_ value: Int8) throws { encoding.append { $0.add(Int64(value)) } }
  func encode(_ value: Int16) throws { encoding.append { $0.add(Int64(value)) } }
  func encode(_ value: Int32) throws { encoding.append { $0.add(Int64(value)) } }
  func encode(_ value: Int64) throws { encoding.append { $0.add(value) } }
  func encode(_ value: UInt) throws { encoding.append { $0.add(UInt64(value)) } }
  func encode(_ value: UInt8) throws { encoding.append { $0.add(UInt64(value)) } }
  func encode(_ value: UInt16) throws { encoding.append { $0.add(UInt64(value)) } }
  func encode(_ value: UInt32) throws { encoding.append { $0.add(UInt64(value)) } }
  func encode(_ value: UInt64) throws { encoding.append { $0.add(value) } }
  func encode(_ value: some Encodable) throws { try encoding.append { try $0.add(value) } }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    encoding.appended().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    encoding.appended().unkeyedContainer()
  }
  func superEncoder() -> any Encoder { encoding.appended() }
}

/// The container of what has keys.
struct CanonicalObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoding: CanonicalEncoding
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) throws { encoding.write(key) { $0.addNothing() } }
  func encode(_ value: Bool, forKey key: Key) throws { encoding.write(key) { $0.add(value) } }
  func encode(_ value: String, forKey key: Key) throws { encoding.write(key) { $0.add(value) } }
  func encode(_ value: Double, forKey key: Key) throws { encoding.write(key) { $0.add(value) } }
  func encode(_ value: Float, forKey key: Key) throws { encoding.write(key) { $0.add(value) } }
  func encode(_ value: Int, forKey key: Key) throws { encoding.write(key) { $0.add(Int64(value)) } }
  func encode(_ value: Int8, forKey key: Key) throws {
    encoding.write(key) { $0.add(Int64(value)) }
  }
  func encode(_ value: Int16, forKey key: Key) throws {
    encoding.write(key) { $0.add(Int64(value)) }
  }
  func encode(_ value: Int32, forKey key: Key) throws {
    encoding.write(key) { $0.add(Int64(value)) }
  }
  func encode(_ value: Int64, forKey key: Key) throws { encoding.write(key) { $0.add(value) } }
  func encode(_ value: UInt, forKey key: Key) throws {
    encoding.write(key) { $0.add(UInt64(value)) }
  }
  func encode(_ value: UInt8, forKey key: Key) throws {
    encoding.write(key) { $0.add(UInt64(value)) }
  }
  func encode(_ value: UInt16, forKey key: Key) throws {
    encoding.write(key) { $0.add(UInt64(value)) }
  }
  func encode(_ value: UInt32, forKey key: Key) throws {
    encoding.write(key) { $0.add(UInt64(value)) }
  }
  func encode(_ value: UInt64, forKey key: Key) throws { encoding.write(key) { $0.add(value) } }
  func encode(_ value: some Encodable, forKey key: Key) throws {
    try encoding.write(key) { try $0.add(value) }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    encoding.nested(key.stringValue).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoding.nested(key.stringValue).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { encoding.nested("super") }
  func superEncoder(forKey key: Key) -> any Encoder { encoding.nested(key.stringValue) }
}
