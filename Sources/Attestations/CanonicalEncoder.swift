import Foundation
import Tensors

/// Bytes that stand for a value: equal values give equal bytes, and different ones different bytes.
///
///     nothing    n
///     truth      t | f
///     integer    i, 8 bytes         natural number  u, 8 bytes
///     float32    e, 4 bytes         float64         d, 8 bytes
///     text       s, length, UTF-8   bytes           b, length, bytes
///     list       a, count, values
///     object     o, count, for each key that holds something, in the order of its UTF-8: text, value
///     tensor     x, text of the element type, list of the shape, bytes in little-endian order
///
/// Lengths and counts have 8 bytes; numbers are big-endian and, for floats, their bits. Properties
/// without a value are left out, so that a later version may add some. Dictionaries whose keys are
/// neither texts nor integers have no order and must not be encoded.
enum CanonicalEncoder {
  /// - Throws: what the value throws while it is encoded.
  static func bytes(of value: some Encodable) throws -> [UInt8] {
    var target = CanonicalBytes()
    try target.add(value)
    return target.bytes
  }
}

/// Canonical bytes while they grow.
struct CanonicalBytes {
  private(set) var bytes: [UInt8] = []

  mutating func addNothing() { bytes.append(UInt8(ascii: "n")) }
  mutating func add(_ value: Bool) { bytes.append(UInt8(ascii: value ? "t" : "f")) }
  mutating func add(_ value: Int64) { add("i", UInt64(bitPattern: value)) }
  mutating func add(_ value: UInt64) { add("u", value) }
  mutating func add(_ value: Float) { add("e", value.bitPattern) }
  mutating func add(_ value: Double) { add("d", value.bitPattern) }

  mutating func add(_ value: String) {
    add("s", UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  /// The beginning of a list, an object or a run of bytes.
  mutating func begin(_ type: Unicode.Scalar, count: Int) { add(type, UInt64(count)) }

  mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

  /// Any value; those that records are full of without a detour.
  mutating func add<Value: Encodable>(_ value: Value) throws {
    // The types are compared first: a cast between lists would try every element.
    if Value.self == [Float].self, let numbers = value as? [Float] {
      addList(numbers) { $0.add($1) }
    } else if Value.self == [Double].self, let numbers = value as? [Double] {
      addList(numbers) { $0.add($1) }
    } else if Value.self == [Int].self, let numbers = value as? [Int] {
      addList(numbers) { $0.add(Int64($1)) }
    } else if Value.self == String.self, let text = value as? String {
      add(text)
    } else if Value.self == Tensor.self, let tensor = value as? Tensor {
      add(tensor)
    } else if Value.self == Data.self, let data = value as? Data {
      begin("b", count: data.count)
      bytes.append(contentsOf: data)
    } else {
      let encoding = CanonicalEncoding()
      try value.encode(to: encoding)
      encoding.finish(into: &self)
    }
  }

  private mutating func addList<Element>(
    _ list: [Element], _ body: (inout CanonicalBytes, Element) -> Void
  ) {
    begin("a", count: list.count)
    for element in list { body(&self, element) }
  }

  private mutating func add(_ tensor: Tensor) {
    bytes.append(UInt8(ascii: "x"))
    add("\(tensor.elementType)")
    addList(tensor.shape.dimensions) { $0.add(Int64($1)) }
    bytes.append(contentsOf: tensor.bytes)
  }

  private mutating func add(_ type: Unicode.Scalar, _ number: some FixedWidthInteger) {
    bytes.append(UInt8(ascii: type))
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
