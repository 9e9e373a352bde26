import Foundation
import Tensors
import Testing

@testable import Attestations

@Suite("Canonical bytes")
struct CanonicalEncoderTests {
  private func hexadecimal(_ value: some Encodable) throws -> String {
    try CanonicalEncoder.bytes(of: value).hexadecimal
  }

  private struct Pair: Encodable {
    var b: Int
    var a: String?
  }

  @Test("values are what the form says, byte by byte")
  func form() throws {
    let one = "0000000000000001"
    #expect(try hexadecimal("é") == "730000000000000002c3a9")
    #expect(try hexadecimal([-1]) == "61" + one + "69ffffffffffffffff")
    #expect(try hexadecimal([UInt64.max]) == "61" + one + "75ffffffffffffffff")
    #expect(try hexadecimal([Float(1)]) == "61" + one + "653f800000")
    #expect(try hexadecimal([1.0]) == "61" + one + "643ff0000000000000")
    #expect(try hexadecimal([true, false]) == "610000000000000002" + "7466")
    #expect(try hexadecimal([Int?.none]) == "61" + one + "6e")
    #expect(try hexadecimal(Data([7, 8])) == "6200000000000000020708")
    #expect(try hexadecimal(Pair(b: 2, a: nil)) == "6f" + one + "73" + one + "62690000000000000002")
    #expect(
      try hexadecimal(Pair(b: 2, a: "")) == "6f0000000000000002" + "73" + one
        + "61730000000000000000"
        + "73" + one + "62690000000000000002")
    #expect(
      try hexadecimal(Tensor([1] as [Float])) == "78"
        + hexadecimal("\(Tensor([1] as [Float]).elementType)") + "61" + one + "690000000000000001"
        + "0000803f")
  }

  @Test("a dictionary's order does not matter, and nested containers are those of values")
  func order() throws {
    let words = Dictionary(uniqueKeysWithValues: (0..<50).map { ("\($0)", $0) })
    let bytes = try hexadecimal(words)
    for _ in 0..<5 {
      var other: [String: Int] = [:]
      for (key, value) in words.shuffled() { other[key] = value }
      #expect(try hexadecimal(other) == bytes)
    }
    #expect(try hexadecimal(Nested()) == hexadecimal(["list": ["x"]]))
  }

  /// What "list": ["x"] is, container in container.
  private struct Nested: Encodable {
    enum CodingKeys: CodingKey { case list }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      var list = container.nestedUnkeyedContainer(forKey: .list)
      try list.encode("x")
    }
  }

  @Test("what differs in a bit, a type or a place differs")
  func distinction() throws {
    let texts = try [
      hexadecimal(["ab", ""]), hexadecimal(["a", "b"]), hexadecimal(["", "ab"]),
      hexadecimal([["ab"], [""]]), hexadecimal([0.0]), hexadecimal([-0.0]), hexadecimal([Float(0)]),
      hexadecimal([0]), hexadecimal([false]), hexadecimal([Double.nan]), hexadecimal([String]()),
    ]
    #expect(Set(texts).count == texts.count)
  }
}
