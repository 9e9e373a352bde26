import Foundation
import Testing

@testable import Tensors

@Suite("Packed tensors")
struct PackedTensorTests {
  private let repetitive = Tensor((0..<784).map { Float($0 % 7) / 8 })

  private func encoded(_ tensor: Tensor, packed: Bool) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let key = try #require(CodingUserInfoKey.packsTensors)
    encoder.userInfo[key] = packed
    return String(decoding: try encoder.encode(tensor), as: UTF8.self)
  }

  @Test("What is packed comes back, and is smaller only where it can be")
  func roundTrip() throws {
    for tensor in [repetitive, Tensor([1.5, -2]), Tensor([Float]())] {
      for packed in [true, false] {
        let text = try encoded(tensor, packed: packed)
        let back = try JSONDecoder().decode(Tensor.self, from: Data(text.utf8))
        #expect(back == tensor)
      }
    }
    let small = try encoded(repetitive, packed: true)
    #expect(small.contains("\"deflated\"") && !small.contains("\"bytes\""))
    #expect(small.utf8.count * 10 < (try encoded(repetitive, packed: false)).utf8.count)
    // Eight bytes cannot be packed into fewer.
    #expect(try encoded(Tensor([1.5, -2]), packed: true).contains("\"bytes\""))
  }

  @Test("A stream that another program wrote is read: RFC 1950, a stored block")
  func foreign() throws {
    // Header 78 01; final stored block of 4 bytes; 1.0 as float32; Adler-32 of 00 00 80 3F.
    let stream: [UInt8] = [
      0x78, 0x01, 0x01, 4, 0, 0xFB, 0xFF, 0, 0, 0x80, 0x3F, 0x01, 0x43, 0x00, 0xC0,
    ]
    #expect(DeflatedBytes.inflated(Data(stream), count: 4) == Data([0, 0, 0x80, 0x3F]))
  }

  @Test("Damaged streams, and claims of more or fewer bytes, are refused")
  func damage() throws {
    let bytes = Data(repeating: 5, count: 4096)
    let packed = try #require(DeflatedBytes.deflated(bytes))
    #expect(DeflatedBytes.inflated(packed, count: 4096) == bytes)
    #expect(DeflatedBytes.inflated(packed, count: 4095) == nil)
    #expect(DeflatedBytes.inflated(packed, count: 4097) == nil)
    #expect(DeflatedBytes.inflated(packed, count: 1 << 40) == nil)
    #expect(DeflatedBytes.inflated(packed.dropLast(), count: 4096) == nil)
    #expect(DeflatedBytes.inflated(Data(), count: 0) == nil)
    let text = #"{"deflated":"AAAA","elementType":"float32","shape":[9]}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Tensor.self, from: Data(text.utf8))
    }
  }
}
